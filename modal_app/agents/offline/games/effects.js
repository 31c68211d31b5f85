// Drawing shapes, and everything that is there for beauty only: particles, floating texts, stars.

const FONT = getComputedStyle(document.body).fontFamily;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const MOST_PARTICLES = 260;
const light = parseInt(palette.background.slice(3, 5), 16) > 150;

function box(pen, x, y, width, height, radius, fill) {
  pen.beginPath();
  pen.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
  pen.fillStyle = fill;
  pen.fill();
}

function disc(pen, x, y, radius, fill) {
  pen.beginPath();
  pen.arc(x, y, Math.max(radius, 0), 0, TAU);
  pen.fillStyle = fill;
  pen.fill();
}

function polygon(pen, points, fill) {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
  pen.fillStyle = fill;
  pen.fill();
}

function label(pen, text, x, y, size, fill) {
  pen.font = `800 ${size}px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = fill;
  pen.fillText(text, x, y);
}

/** Paint with a shine (glowing palettes) or a soft shadow (all others). */
function lit(pen, colour, blur, paint) {
  pen.save();
  pen.shadowColor = palette.glow ? colour : faded(palette.ink, 0.25);
  pen.shadowBlur = blur * field.scale * (palette.glow ? 1.6 : 0.7);
  if (!palette.glow) pen.shadowOffsetY = 3 * field.scale;
  paint();
  pen.restore();
}

const effects = (() => {
  let particles = [];
  let floats = [];
  let tremble = 0;
  const stars = Array.from({ length: 70 }, () => ({
    x: sparkle.next(), y: sparkle.next(), depth: sparkle.between(0.2, 1),
  }));

  return {
    clear() { particles = []; floats = []; tremble = 0; },
    burst(x, y, colour, count = 14, power = 150) {
      for (let index = 0; index < count && particles.length < MOST_PARTICLES; index++) {
        const angle = sparkle.between(0, TAU);
        const speed = sparkle.between(0.2, 1) * power;
        particles.push({
          x, y, colour, age: 0, life: sparkle.between(0.3, 0.75),
          vx: Math.cos(angle) * speed, vy: Math.sin(angle) * speed, radius: sparkle.between(1.5, 4),
        });
      }
    },
    say(x, y, text, colour) { floats.push({ x, y, text, colour, age: 0 }); },
    shake(amount) { if (!calm) tremble = Math.max(tremble, amount); },
    offset() {
      return { x: sparkle.between(-tremble, tremble), y: sparkle.between(-tremble, tremble) };
    },
    step(dt) {
      for (const particle of particles) {
        particle.age += dt;
        particle.x += particle.vx * dt;
        particle.y += particle.vy * dt;
        particle.vy += 260 * dt;
      }
      for (const float of floats) { float.age += dt; float.y -= 46 * dt; }
      particles = particles.filter((particle) => particle.age < particle.life);
      floats = floats.filter((float) => float.age < 0.9);
      tremble = Math.max(0, tremble - 30 * dt);
    },
    draw(pen) {
      for (const { x, y, colour, age, life, radius } of particles) {
        pen.globalAlpha = 1 - age / life;
        disc(pen, x, y, radius, colour);
      }
      for (const { x, y, text, colour, age } of floats) {
        pen.globalAlpha = 1 - age / 0.9;
        label(pen, text, x, y, 16, colour);
      }
      pen.globalAlpha = 1;
    },
    /** Stars (on light grounds: bubbles) that drift by (dx, dy) units, nearer ones faster. */
    stars(pen, dx, dy) {
      for (const { x, y, depth } of stars) {
        const left = ((x * field.width + dx * depth) % field.width + field.width) % field.width;
        const top = ((y * field.height + dy * depth) % field.height + field.height) % field.height;
        if (light) disc(pen, left, top, 3 + depth * 9, faded(palette.primary, 0.03 + depth * 0.05));
        else disc(pen, left, top, 0.6 + depth * 1.1, faded(palette.ink, 0.12 + depth * 0.4));
      }
    },
    /** Rolling hills that drift by `dx`; their feet stand at `bottom`. */
    hills(pen, dx, bottom, height, colour) {
      pen.beginPath();
      pen.moveTo(0, bottom);
      for (let x = 0; x <= field.width + 8; x += 8) {
        const at = x + dx;
        const wave = Math.sin(at / 90) * 0.5 + Math.sin(at / 37 + height) * 0.22 + 0.6;
        pen.lineTo(x, bottom - height * wave);
      }
      pen.lineTo(field.width + 8, bottom);
      pen.fillStyle = colour;
      pen.fill();
    },
  };
})();
