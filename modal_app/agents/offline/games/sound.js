// Short synthesised sounds. Silent until the first input, as browsers ask.

const sound = (() => {
  // wave, frequencies in hertz, seconds a note, loudness
  const SOUNDS = {
    blip: ["square", [520], 0.05, 0.04],
    hit: ["triangle", [330, 440], 0.05, 0.09],
    jump: ["sine", [360, 540], 0.06, 0.1],
    shoot: ["sawtooth", [880, 520], 0.03, 0.025],
    coin: ["square", [880, 1320], 0.06, 0.05],
    boom: ["sawtooth", [160, 90, 60], 0.07, 0.09],
    won: ["triangle", [523, 659, 784, 1047], 0.12, 0.12],
    over: ["triangle", [392, 330, 262], 0.16, 0.12],
  };
  let context = null;
  let muted = false;

  return {
    get muted() { return muted; },
    toggle() { muted = !muted; },
    unlock() {
      const Context = window.AudioContext || window.webkitAudioContext;
      if (!context && Context) {
        try { context = new Context(); } catch { return; }
      }
      if (context && context.state === "suspended") context.resume().catch(() => {});
    },
    play(name) {
      if (!context || muted || context.state !== "running") return;
      const [wave, notes, seconds, loudness] = SOUNDS[name];
      notes.forEach((frequency, index) => {
        const begin = context.currentTime + index * seconds;
        const oscillator = context.createOscillator();
        const volume = context.createGain();
        oscillator.type = wave;
        oscillator.frequency.value = frequency;
        volume.gain.setValueAtTime(loudness, begin);
        volume.gain.exponentialRampToValueAtTime(0.0001, begin + seconds * 1.6);
        oscillator.connect(volume).connect(context.destination);
        oscillator.start(begin);
        oscillator.stop(begin + seconds * 1.7);
      });
    },
  };
})();
