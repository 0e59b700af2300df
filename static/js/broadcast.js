// Listening again: a chapter or a sentence jumps to its moment, `#t=12:30` opens there, the sentence that is being
// said is marked, and the text can be searched. Without this script a chapter opens the recording at its moment.
(() => {
  const audio = document.getElementById("speler");
  const lines = [...document.querySelectorAll("[data-start]")];
  const part = (name) => document.querySelector(`[data-${name}]`);

  // Searching the text ------------------------------------------------------------------------------------------
  // Sign by sign, so that a place in the folded text is the same place in the text.
  const fold = (text) =>
    text.replace(/[^\x00-\x7f]/g, (sign) => sign.normalize("NFD")[0]).toLowerCase();
  const texts = lines.map((line) => line.lastElementChild.textContent);

  function mark(place, wanted) {
    const text = texts[place];
    const folded = fold(text);
    const pieces = [];
    let from = 0;
    for (let at = wanted ? folded.indexOf(wanted) : -1; at >= 0; at = folded.indexOf(wanted, from)) {
      const hit = document.createElement("mark");
      hit.textContent = text.slice(at, at + wanted.length);
      pieces.push(text.slice(from, at), hit);
      from = at + wanted.length;
    }
    lines[place].lastElementChild.replaceChildren(...pieces, text.slice(from));
    lines[place].hidden = wanted !== "" && !pieces.length;
    return pieces.length > 0;
  }

  // With the keyboard one sentence of each chapter is a stop, and the arrows go on from there: a broadcast of an hour
  // would have hundreds of stops.
  function stopAt(line) {
    const link = line?.querySelector("a");
    for (const each of link ? line.closest(".transcript").querySelectorAll("[data-moment]") : []) {
      each.tabIndex = each === link ? 0 : -1;
    }
  }

  const tools = part("tools");
  if (tools) {
    const field = document.getElementById("zoek-in-tekst");
    const found = part("found");
    tools.hidden = false;
    field.addEventListener("input", () => {
      const typed = field.value.trim();
      const hits = lines.filter((_, place) => mark(place, fold(typed))).length;
      for (const chapter of document.querySelectorAll(".transcript")) {
        const line = chapter.querySelector("li:not([hidden])");
        chapter.hidden = !line;
        if (chapter.querySelector("li[hidden] [tabindex='0']")) stopAt(line);
      }
      found.textContent = typed && `${hits || "Geen"} ${hits === 1 ? "zin" : "zinnen"} met “${typed}”.`;
    });
  }
  if (!audio) return;

  // Moments -----------------------------------------------------------------------------------------------------
  const chapters = [...document.querySelectorAll("[data-chapter]")];
  const follow = document.getElementById("meelopen");
  const now = part("now");

  const two = (number) => String(number).padStart(2, "0");
  const clock = (seconds) => {
    const whole = Math.floor(seconds);
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  };
  // "#t=90", "#t=1:30" and "#t=1:02:30"; null for another fragment.
  const momentOf = (fragment) =>
    /^#t=(\d+:){0,2}\d+(\.\d+)?$/.test(fragment)
      ? fragment.slice(3).split(":").reduce((total, number) => total * 60 + Number(number), 0)
      : null;
  // To a tenth, which is as near as `begun` looks.
  const remember = (seconds) => {
    const tenths = Math.round(seconds * 10);
    const rest = tenths % 10 ? `.${tenths % 10}` : "";
    history.replaceState(history.state, "", `#t=${clock(tenths / 10)}${rest}`);
  };

  // The last of these that has begun; a player may land a hair before the moment it is sent to.
  const begun = (all, name, time) => all.findLast((each) => Number(each.dataset[name]) <= time + 0.05);
  const show = (all, current) => {
    for (const each of all) {
      if (each === current) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
  };
  const bring = (line) => line?.scrollIntoView({ block: "center" });

  let said = null;
  let heard = null;
  function showMoment() {
    const time = audio.currentTime;
    const line = begun(lines, "start", time) ?? null;
    if (line !== said) {
      said = line;
      show(lines, line);
      if (!document.activeElement.closest(".transcript")) stopAt(line);
      if (follow?.checked) bring(line);
    }
    const chapter = begun(chapters, "chapter", time) ?? null;
    if (chapter !== heard) {
      heard = chapter;
      show(chapters, chapter);
      now.textContent = chapter ? `Nu: ${chapter.querySelector(".chapters__title").textContent}` : "";
      now.hidden = !chapter;
    }
  }

  function jump(seconds) {
    audio.currentTime = seconds;
    remember(seconds);
    showMoment();
    // A browser may refuse to play; the player then waits at the moment.
    audio.play().catch(() => {});
  }

  function openAddress() {
    const seconds = momentOf(location.hash);
    if (seconds === null) return;
    audio.currentTime = seconds;
    showMoment();
    bring(said);
  }

  // The time of each sentence becomes a link to its moment, which can be copied as any other.
  for (const line of lines) {
    const link = document.createElement("a");
    const time = line.firstElementChild;
    link.className = time.className;
    link.href = `#t=${line.dataset.start}`;
    link.dataset.moment = line.dataset.start;
    link.textContent = time.textContent;
    link.setAttribute("aria-label", `Luister vanaf ${time.textContent}`);
    link.tabIndex = line.matches(":first-child") ? 0 : -1;
    time.replaceWith(link);
  }
  const steps = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };
  document.addEventListener("keydown", (event) => {
    const line = event.target.closest("[data-start]");
    const step = steps[event.key];
    if (!line || !step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const shown = lines.filter((each) => !each.hidden);
    const place = Math.min(Math.max(shown.indexOf(line) + step, 0), shown.length - 1);
    shown[place].querySelector("a").focus();
  });
  document.addEventListener("focusin", (event) => stopAt(event.target.closest("[data-start]")));

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("[data-moment]");
    if (link) {
      event.preventDefault();
      jump(Number(link.dataset.moment));
      return;
    }
    const line = event.target.closest("[data-start]");
    // Who selects words in order to copy them goes nowhere.
    if (line && getSelection().isCollapsed) jump(Number(line.dataset.start));
  });
  for (const name of ["timeupdate", "seeking"]) audio.addEventListener(name, showMoment);
  follow?.addEventListener("change", () => follow.checked && bring(said));
  addEventListener("hashchange", openAddress);

  const speed = part("speed");
  speed.hidden = false;
  speed.addEventListener("change", (event) => {
    audio.playbackRate = Number(event.target.value);
  });

  const share = part("share");
  share.hidden = false;
  share.addEventListener("click", async () => {
    const shared = part("shared");
    const time = clock(audio.currentTime);
    remember(audio.currentTime);
    try {
      await navigator.clipboard.writeText(location.href);
      shared.textContent = `De link naar ${time} is gekopieerd.`;
    } catch {
      shared.textContent = `Kopieer deze link naar ${time}: ${location.href}`;
    }
  });

  openAddress();
})();
