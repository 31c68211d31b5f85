// What this page was made from, and small tools that depend on nothing else.

const parameters = JSON.parse(document.getElementById("game-parameters").textContent);
const { palette, language } = parameters;
const TAU = Math.PI * 2;

/** The value for this difficulty, of three: easy, normal, hard. */
function byDifficulty(easy, normal, hard) {
  return { easy, normal, hard }[parameters.difficulty];
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const lerp = (from, to, share) => from + (to - from) * share;

/** Seeded numbers (mulberry32): the same seed plays the same round. */
function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    reseed(value) { state = value >>> 0; },
    next,
    between: (low, high) => low + next() * (high - low),
    pick: (list) => list[Math.floor(next() * list.length)],
    shuffle(list) {
      for (let last = list.length - 1; last > 0; last--) {
        const other = Math.floor(next() * (last + 1));
        [list[last], list[other]] = [list[other], list[last]];
      }
      return list;
    },
  };
}

// What happens in a round, and what merely looks nice: the second never disturbs the first.
const random = createRandom(parameters.seed);
const sparkle = createRandom(parameters.seed ^ 0x5bd1e995);

/** A colour between two `#rrggbb` colours. */
function mix(one, other, share) {
  let colour = "#";
  for (const start of [1, 3, 5]) {
    const from = parseInt(one.slice(start, start + 2), 16);
    const to = parseInt(other.slice(start, start + 2), 16);
    colour += Math.round(lerp(from, to, share)).toString(16).padStart(2, "0");
  }
  return colour;
}

/** A `#rrggbb` colour with an opacity of 0..1. */
function faded(colour, opacity) {
  return colour + Math.round(clamp(opacity, 0, 1) * 255).toString(16).padStart(2, "0");
}

const words = {
  en: {
    ready: { easy: "Easy", normal: "Normal", hard: "Hard" }[parameters.difficulty],
    over: "Game over", won: "You win!", paused: "Paused",
    start: "Start", again: "Play again", resume: "Resume",
    score: "Score", best: "Best", pause: "Pause", mute: "Sound",
  },
  ja: {
    ready: { easy: "やさしい", normal: "ふつう", hard: "むずかしい" }[parameters.difficulty],
    over: "ゲームオーバー", won: "クリア！", paused: "一時停止",
    start: "スタート", again: "もう一度", resume: "つづける",
    score: "スコア", best: "ベスト", pause: "一時停止", mute: "サウンド",
  },
}[language];

/** The playing field in its own units; `scale`, `left` and `top` place it on the canvas. */
const field = { width: 600, height: 400, scale: 1, left: 0, top: 0 };
