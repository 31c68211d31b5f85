// Ten symbols that are easy to tell apart, by shape and by colour, without any font.

const corners = (count, inner = 1, turn = -TAU / 4) => (radius) =>
  Array.from({ length: count }, (_, corner) => {
    const angle = (corner * TAU) / count + turn;
    const reach = radius * (corner % 2 ? inner : 1);
    return [Math.cos(angle) * reach, Math.sin(angle) * reach];
  });

function heart(pen, radius) {
  pen.beginPath();
  pen.moveTo(0, radius * 0.95);
  pen.bezierCurveTo(-radius * 1.7, -radius * 0.2, -radius * 0.8, -radius * 1.3, 0, -radius * 0.45);
  pen.bezierCurveTo(radius * 0.8, -radius * 1.3, radius * 1.7, -radius * 0.2, 0, radius * 0.95);
  pen.fill();
}

function moon(pen, radius) {
  pen.beginPath();
  pen.arc(0, 0, radius, TAU * 0.1, TAU * 0.9);
  pen.bezierCurveTo(radius * 0.1, -radius * 0.4, radius * 0.1, radius * 0.4, radius * 0.8, radius * 0.6);
  pen.fill();
}

function ring(pen, radius) {
  pen.lineWidth = radius * 0.45;
  pen.beginPath();
  pen.arc(0, 0, radius * 0.78, 0, TAU);
  pen.stroke();
}

function flower(pen, radius) {
  for (let petal = 0; petal < 6; petal++) {
    const angle = (petal * TAU) / 6;
    disc(pen, Math.cos(angle) * radius * 0.62, Math.sin(angle) * radius * 0.62, radius * 0.36, pen.fillStyle);
  }
}

const symbols = [
  { colour: "#e5383b", paint: heart },
  { colour: "#f59f00", points: corners(10, 0.45) },
  { colour: "#6741d9", paint: moon },
  { colour: "#1971c2", points: corners(4, 1) },
  { colour: "#2b8a3e", points: corners(3, 1) },
  { colour: "#c2255c", paint: flower },
  { colour: "#0b7285", paint: ring },
  { colour: "#5c940d", points: corners(6, 1) },
  { colour: "#862e9c", points: corners(8, 0.38) },
  { colour: "#343a40", points: corners(4, 1, -TAU / 8) },
];

function drawSymbol(pen, face, radius) {
  const { colour, paint, points } = symbols[face];
  pen.fillStyle = pen.strokeStyle = colour;
  if (paint) paint(pen, radius);
  else polygon(pen, points(radius), colour);
}
