// Saves a section of a report while somebody types. Without it the form works all the same: its buttons save.
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const said = form.querySelector("[data-saved]");
  const pause = 1500;
  let timer = 0, saving = false, again = false, over = false, waiting = null;

  const save = async () => {
    if (over) return;
    if (saving) { again = true; return; }
    saving = true;
    // Files are kept when a button is pressed, not while somebody types.
    const fields = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    fields.set("do", "autosave");
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, headers: { accept: "application/json" } });
      const told = await answer.json();
      if (answer.ok) form.elements.revision.value = told.revision;
      else over = true;
      said.textContent = told.said || form.dataset.failed;
    } catch {
      said.textContent = form.dataset.failed;
    }
    saving = false;
    if (waiting) form.requestSubmit(waiting);
    else if (again) { again = false; schedule(); }
  };
  const schedule = () => { clearTimeout(timer); timer = setTimeout(save, pause); };

  form.addEventListener("input", schedule);
  // A button pressed while a save is under way waits for it: else one would be in conflict with oneself.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (saving) { event.preventDefault(); waiting = event.submitter; }
    else over = true;
  });
})();
