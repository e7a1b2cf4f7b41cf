// Follows work that is under way until its page says something else. Without it the page loads itself again.
(() => {
  "use strict";
  const region = document.querySelector("[data-follow]");
  if (!region) return;
  const pause = 1000;
  const valueOf = (part) => part.querySelector("progress").value;

  const look = async () => {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      const told = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-follow]");
      if (!told) { location.reload(); return; }
      if (valueOf(told) !== valueOf(region)) {
        const focused = region.contains(document.activeElement);
        region.replaceChildren(...told.childNodes);
        if (focused) region.querySelector("a")?.focus();
      }
    } catch { /* tried again */ }
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
})();
