// Reading aloud and printing; a draft that was sent is forgotten. Without this file nothing is missing but comfort.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  if (document.querySelector("[data-sent]")) sessionStorage.removeItem("lianying.draft");

  const voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;
  const language = document.documentElement.lang === "en" ? "en-US" : "zh-CN";
  for (const button of document.querySelectorAll("[data-speak]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const stop = button.getAttribute("aria-pressed") === "true";
      voice.cancel();
      button.setAttribute("aria-pressed", String(!stop));
      if (stop) return;
      const parts = [...document.querySelectorAll("[data-read]")].map((part) => part.innerText);
      const words = new SpeechSynthesisUtterance(parts.join("\n"));
      words.lang = language;
      words.rate = 0.9;
      words.onend = () => button.setAttribute("aria-pressed", "false");
      voice.speak(words);
    });
  }
  window.addEventListener("pagehide", () => voice.cancel());
})();
