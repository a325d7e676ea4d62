// The player: plays the schedules of a page step by step, and lets readers choose who moves.
// Its data is a JSON block, `miscount.player/1`; docs/formats.md describes it.
(() => {
  "use strict";

  const SPEEDS = [0.5, 1, 2, 4, 8, 16];
  const MOST_STARS = 3;

  /** Returns a new element: its attributes (without those that are false), and what is in it. */
  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== false) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  const grouped = (number) => Number(number).toLocaleString("en");
  const counted = (number, noun, nouns = `${noun}s`) =>
    `${grouped(number)} ${Number(number) === 1 ? noun : nouns}`;

  /** Returns how thread moves are written as a token: `A,B3`. */
  function token(labels) {
    const runs = [];
    for (const label of labels) {
      const last = runs[runs.length - 1];
      if (last && last.label === label) last.steps += 1;
      else runs.push({ label, steps: 1 });
    }
    return runs.map(({ label, steps }) => (steps > 1 ? label + steps : label)).join(",");
  }

  /** Returns the score of a puzzle; the same rule as `Score::new` of src/game. */
  function stars(switches, par) {
    if (switches <= par) return MOST_STARS;
    return switches <= par + Math.max(Math.floor(par / 2), 1) ? 2 : 1;
  }

  /** A state, and how it came about: what moved in `actors`, `steps` at once, their `event`, `overwrites`. */
  const start = (data) => ({ word: data.start, steps: 0, overwrites: 0 });

  /** Returns the states of a schedule, the start first. */
  function film(data, schedule) {
    const frames = [start(data)];
    for (const [actor, steps, event, overwrites, shared, views] of schedule.steps) {
      const word = [...frames[frames.length - 1].word];
      word[0] = shared;
      for (const [changed, view] of views) word[changed + 1] = view;
      frames.push({ word, actor, steps, event: data.events[event], overwrites });
    }
    return frames;
  }

  /** A game: the reader chooses who moves, and the table of states knows where that leads. */
  class Game {
    constructor(data) {
      this.data = data;
      this.table = data.states;
      this.frames = [{ ...start(data), state: 0 }];
      this.at = 0;
    }

    /** Returns where a step of an actor leads from a frame: a state and an event; null if it cannot move. */
    next(frame, actor) {
      const moves = this.table.states[frame.state][2];
      let place = 0;
      for (let other = 0; other < actor; other += 1) place += moves[place] < 0 ? 1 : 2;
      return moves[place] < 0 ? null : { state: moves[place], event: moves[place + 1] };
    }

    /** Returns the ends that can still come: each an index, a chance in ten-thousandths, schedules. */
    chances(frame) {
      return this.table.chances[this.table.states[frame.state][1]];
    }

    /** Lets an actor take a step; what was undone is forgotten. Returns whether it could. */
    move(actor) {
      const frame = this.frames[this.at];
      const next = this.next(frame, actor);
      if (!next || this.end(frame) !== null) return false;
      this.frames.length = this.at + 1;
      const event = this.data.events[next.event];
      const word = this.table.states[next.state][0];
      const overwrites = this.overwritten(actor, event);
      this.frames.push({ word, state: next.state, actor, steps: 1, event, overwrites });
      this.at += 1;
      return true;
    }

    /** Returns how many updates that its thread has not seen a step overwrites; the rule of `SeenVersions` of src/model. */
    overwritten(actor, [, , access, variable]) {
      const threads = this.data.threads.length;
      const loads = ({ event, actor: other }) =>
        event &&
        event[3] === variable &&
        /read|update/.test(event[2]) &&
        other % threads === actor % threads;
      if (access !== "write" || !this.frames.some(loads)) return 0;
      let unseen = 0;
      for (const frame of this.frames.slice(1).reverse()) {
        const [, , before, of] = frame.event;
        if (of !== variable || before === "none") continue;
        if (frame.actor % threads === actor % threads) break;
        if (before !== "read") unseen += 1;
      }
      return unseen;
    }

    /** Returns the end that a frame is: no thread can move, or none gets anywhere; else null. */
    end(frame) {
      const chances = this.chances(frame);
      const stuck = this.data.actors.every((_, actor) => !this.next(frame, actor));
      const only = chances.length === 1 ? chances[0][0] : null;
      const livelock = only !== null && this.data.ends[only].kind === "livelock";
      return stuck || livelock ? only : null;
    }

    /** Returns whether the goal can still be reached from a frame. */
    hopes(frame) {
      return this.chances(frame).some(([end]) => this.data.ends[end].goal);
    }

    switches() {
      const moved = this.frames.slice(1, this.at + 1);
      return moved.filter((frame, place) => place > 0 && frame.actor !== moved[place - 1].actor)
        .length;
    }

    token() {
      const moved = this.frames.slice(1, this.at + 1);
      return token(moved.map((frame) => this.data.actors[frame.actor]));
    }
  }

  class Player {
    constructor(root) {
      this.root = root;
      this.data = JSON.parse(root.querySelector("script").textContent);
      this.speed = 2;
      this.timer = null;
      this.build();
      this.watch();
    }

    /** Builds what does not depend on the schedule. */
    build() {
      const { data, root } = this;
      const button = (name, act) => {
        const made = element("button", { type: "button" }, name);
        made.addEventListener("click", act);
        return made;
      };
      this.picker = element("select", {});
      data.schedules.forEach(({ caption }) => this.picker.append(element("option", {}, caption)));
      this.picker.addEventListener("change", () => this.watch());
      this.mode = button("", () => (this.game ? this.watch() : this.play()));
      this.mode.className = "mode";
      const goal = data.states && data.states.goal;
      this.invitation = goal ? `Goal: ${goal.text}, with as few switches as you can.` : "";
      this.token = element("code", { class: "token" });

      this.threads = data.threads.map((label, thread) => this.thread(label, thread));
      this.memory = element("dl", { class: "values" });
      this.stage = element(
        "div",
        { class: "stage" },
        element("div", { class: "panel memory" }, this.memory),
        element("div", { class: "threads" }, ...this.threads.map((thread) => thread.panel)),
      );

      this.event = element("p", { class: "event", "aria-live": "polite" });
      this.outcome = element("p", { class: "outcome", role: "status", "aria-live": "polite" });
      this.buttons = {
        start: button("Start", () => this.go(0)),
        back: button("Back", () => this.go(this.at - 1)),
        play: button("Play", () => this.toggle()),
        step: button("Step", () => this.go(this.at + 1)),
        end: button("End", () => this.go(this.frames.length - 1)),
      };
      this.slider = element("input", { type: "range", min: 0, "aria-label": "Step" });
      this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
      this.rate = element("select", {});
      SPEEDS.forEach((speed) =>
        this.rate.append(element("option", { value: speed }, `${speed}/s`)),
      );
      this.rate.value = this.speed;
      this.rate.addEventListener("change", () => {
        this.speed = Number(this.rate.value);
      });
      const speed = element("label", { class: "speed" }, "Speed ", this.rate);
      this.controls = element(
        "div",
        { class: "controls" },
        ...Object.values(this.buttons),
        this.slider,
        speed,
      );
      this.free = element("div", { class: "free" });
      this.help = element("p", { class: "faint keys", id: `${root.id}-keys` });
      this.shown = element("label", { class: "picker" }, "Show ", this.picker);
      this.invite = element("span", { class: "invite" });
      root.setAttribute("role", "group");
      root.setAttribute("tabindex", "0");
      root.setAttribute("aria-label", `Player of ${data.command}`);
      root.setAttribute("aria-describedby", this.help.id);
      root.replaceChildren(
        element("div", { class: "head" }, this.shown, this.mode, this.invite),
        element("div", {}, this.token),
        this.stage,
        this.event,
        this.outcome,
        this.free,
        this.controls,
        this.help,
      );
      root.addEventListener("keydown", (event) => this.key(event));
    }

    keys() {
      const labels = this.data.threads.filter((label) => label.length === 1);
      const letters = labels.map((label) => label.toLowerCase());
      if (letters.length === 1) return "a moves the thread";
      const between = letters.length === 2 ? "and" : "to";
      const buffers =
        this.data.actors.length > labels.length ? ", with Shift its store buffer" : "";
      return `${letters[0]} ${between} ${letters[letters.length - 1]} move a thread${buffers}`;
    }

    /** Builds the panel of a thread: its lines, what it does next, its registers. */
    thread(label, thread) {
      const { data } = this;
      const program = data.programs[data.runs[thread]];
      const rows = program.listing.map(([number, code, remark, step]) =>
        element(
          "li",
          { class: step ? "" : "faint" },
          element("span", { class: "number" }, String(number)),
          element("code", {}, code, element("span", { class: "faint" }, `  ${remark}`)),
        ),
      );
      const lines = element("ol", { class: "lines" }, ...rows);
      const parts = {
        rows,
        program,
        lines,
        state: element("span", { class: "state" }),
        next: element("p", { class: "next" }),
        values: element("dl", { class: "values" }),
      };
      const title = element("p", { class: "title" }, `Thread ${label} `, parts.state);
      const scroll = element("div", { class: "scroll listing", tabindex: 0 }, lines);
      scroll.setAttribute("role", "group");
      scroll.setAttribute("aria-label", `Lines of thread ${label}`);
      parts.panel = element("div", { class: "panel" }, title, scroll, parts.next, parts.values);
      return parts;
    }

    /** Shows the schedule that is chosen; without any, readers play themselves. */
    watch() {
      this.schedule = this.data.schedules[this.picker.selectedIndex];
      if (!this.schedule) return this.play();
      this.game = null;
      return this.begin(film(this.data, this.schedule));
    }

    /** Lets readers choose who moves. */
    play() {
      this.schedule = null;
      this.game = new Game(this.data);
      this.begin(this.game.frames);
    }

    begin(frames) {
      const { data, game } = this;
      this.pause();
      this.frames = frames;
      this.root.dataset.mode = game ? "play" : "watch";
      this.picker.parentElement.hidden = this.rate.parentElement.hidden = Boolean(game);
      this.buttons.play.hidden = Boolean(game);
      this.mode.hidden = !data.states || data.schedules.length === 0;
      this.mode.textContent = game ? "Watch a schedule" : "Play it yourself";
      this.invite.textContent = game ? "" : this.invitation;
      const keys = game ? this.keys() : "Space plays and pauses";
      this.help.textContent = `Keys: ${keys}, Left and Right step, Home and End go to the ends.`;
      this.seek(0);
    }

    go(to) {
      this.pause();
      this.seek(to);
    }

    seek(to) {
      this.at = Math.min(Math.max(to, 0), this.frames.length - 1);
      if (this.game) this.game.at = this.at;
      this.show();
    }

    toggle() {
      if (this.timer !== null || this.game) {
        this.pause();
        return;
      }
      if (this.at === this.frames.length - 1) this.seek(0);
      this.root.classList.add("running");
      // What moves by itself is not read out.
      this.event.setAttribute("aria-live", "off");
      this.buttons.play.textContent = "Pause";
      const tick = () => {
        this.seek(this.at + 1);
        if (this.at === this.frames.length - 1) this.pause();
        else this.timer = setTimeout(tick, 1000 / this.speed);
      };
      this.timer = setTimeout(tick, 1000 / this.speed);
    }

    pause() {
      clearTimeout(this.timer);
      this.timer = null;
      this.root.classList.remove("running");
      this.event.setAttribute("aria-live", "polite");
      this.buttons.play.textContent = "Play";
    }

    key(event) {
      const { target, key } = event;
      if (event.ctrlKey || event.altKey || event.metaKey || target.tagName === "SELECT") return;
      const onButton = target.tagName === "BUTTON";
      // A letter moves a thread; with Shift, its store buffer.
      const label = event.shiftKey ? key.toLowerCase() : key.toUpperCase();
      const acts = {
        ArrowLeft: () => this.go(this.at - 1),
        ArrowRight: () => this.go(this.at + 1),
        Home: () => this.go(0),
        End: () => this.go(this.frames.length - 1),
        " ": onButton ? null : () => this.toggle(),
      };
      const actor = this.game && key.length === 1 ? this.data.actors.indexOf(label) : -1;
      const act = actor >= 0 ? () => this.move(actor) : acts[key];
      if (!act) return;
      event.preventDefault();
      act();
    }

    move(actor) {
      if (!this.game.move(actor)) return;
      this.at = this.game.at;
      this.show();
    }

    /** Shows the state that has been reached. */
    show() {
      const { data, root } = this;
      const frame = this.frames[this.at];
      const before = this.frames[Math.max(this.at - 1, 0)];
      const views = frame.word.slice(1).map((view) => data.views[view]);
      this.showMemory(frame, before, views);
      this.threads.forEach((parts, thread) => this.showThread(parts, thread, frame, before));
      this.event.replaceChildren(...this.told(frame));
      this.event.classList.toggle("lost", frame.overwrites > 0);
      const last = this.frames.length - 1;
      this.slider.max = last;
      this.slider.value = this.at;
      this.slider.setAttribute("aria-valuetext", `${this.at} of ${last}`);
      this.buttons.start.disabled = this.buttons.back.disabled = this.at === 0;
      this.buttons.step.disabled = this.buttons.end.disabled = this.at === last;
      let end = this.at === last && this.schedule ? this.schedule.end : null;
      if (this.game) end = this.game.end(frame);
      this.token.textContent = this.schedule ? this.schedule.token : this.game.token();
      // What scrolls can be reached by keyboard.
      if (this.token.scrollHeight > this.token.clientHeight) this.token.setAttribute("tabindex", 0);
      else this.token.removeAttribute("tabindex");
      this.showEnd(end === null ? null : data.ends[end], views);
      if (this.game) this.showGame(frame, end);
      else this.free.replaceChildren();
      root.dataset.position = this.at;
      root.dataset.last = last;
      root.dataset.end = end === null ? "" : data.ends[end].text;
    }

    /** Returns what the last step did, in words. */
    told(frame) {
      const { data } = this;
      if (this.at === 0) return ["Before the first step."];
      const after = this.frames.slice(1, this.at + 1).reduce((sum, { steps }) => sum + steps, 0);
      const who = frame.actor === null ? "several threads" : data.actors[frame.actor];
      const words = [`Step ${grouped(after)}. ${who}: `];
      if (frame.event) {
        const [text, value] = frame.event;
        words.push(element("code", {}, text), value === null ? "" : ` (${grouped(value)})`);
      } else {
        words.push(`${counted(frame.steps, "step")} at once`);
      }
      if (frame.overwrites > 0) {
        const unseen = frame.event && frame.actor !== null ? ` that ${who} has not seen` : "";
        words.push(`: overwrites ${counted(frame.overwrites, "update")}${unseen}!`);
      }
      return words;
    }

    showMemory(frame, before, views) {
      const { data } = this;
      const [values, locks, queues] = data.shared[frame.word[0]];
      const [old] = data.shared[before.word[0]];
      const label = (thread) => data.threads[thread];
      const waiting = (kind, index) => {
        const waits = (view) => view[2] && view[2][0] === kind && view[2][1] === index;
        const who = views.map((view, thread) => (waits(view) ? label(thread) : "")).filter(Boolean);
        return who.length ? `; ${who.join(", ")} ${who.length > 1 ? "wait" : "waits"}` : "";
      };
      const rows = [];
      const row = (name, ...shown) =>
        rows.push(element("div", {}, element("dt", {}, name), element("dd", {}, ...shown)));
      let array = null;
      data.variables.forEach((name, place) => {
        const written = frame.event && frame.event[3] === place && frame.event[2] !== "read";
        const changed = written || values[place] !== old[place];
        const lost = changed && frame.overwrites > 0;
        const mark = [changed ? "changed" : "", lost ? "overwritten" : ""].join(" ").trim();
        const value = element("span", { class: mark }, grouped(values[place]));
        const base = name.endsWith("]") ? name.slice(0, name.indexOf("[")) : null;
        if (base !== null && array === base) rows[rows.length - 1].lastChild.append(", ", value);
        else row(base ?? name, value);
        rows[rows.length - 1].lastChild.append(waiting("variable", place));
        array = base;
      });
      data.locks.forEach((name, place) => {
        const [state, holders] = locks[place];
        const who = holders.map(label).join(", ");
        const permits = /^\d+$/.test(state) ? counted(state, "permit") : state;
        const held = { held: `held by ${who}`, read: `read by ${who}` }[state] || permits;
        row(`lock ${name}`, held + waiting("lock", place));
      });
      data.queues.forEach((name, place) => {
        const inside = queues[place] ? `${queues[place]} in it` : "empty";
        row(name, inside + waiting("queue", place));
      });
      this.memory.replaceChildren(...rows);
    }

    showThread(parts, thread, frame, before) {
      const { data } = this;
      const [at, state, , words, registers, buffer] = data.views[frame.word[thread + 1]];
      const old = data.views[before.word[thread + 1]][4];
      const { program, rows, panel } = parts;
      const here = rows[program.here[at]];
      for (const row of rows) {
        row.classList.toggle("here", row === here);
        if (row === here) row.setAttribute("aria-current", "step");
        else row.removeAttribute("aria-current");
      }
      if (here) {
        const scroll = parts.lines.parentElement;
        scroll.scrollTop = here.offsetTop - scroll.clientHeight / 2;
      }
      panel.className = `panel ${state}`;
      panel.classList.toggle("moved", this.at > 0 && frame.actor === thread);
      parts.state.textContent = state;
      const waits = state === "blocked" ? `waits for ${words.replaceAll("`", "")}` : words || "";
      const next = at === null ? [] : ["next: ", element("code", {}, program.code[at])];
      parts.next.replaceChildren(...(words ? [waits] : next));
      // Those that the source does not name are shown while they are in use.
      const named = program.registers.map((name, place) => [name, place]);
      const used = named.filter(([name, place]) => name[0] !== "_" || registers[place] !== null);
      const shown = used.map(([name, place]) => {
        const value = registers[place];
        const changed = value !== null && value !== old[place];
        const text = value === null ? "\u2013" : grouped(value);
        const held = element("dd", {}, element("span", { class: changed ? "changed" : "" }, text));
        return element(
          "div",
          { class: value === null ? "faint" : "" },
          element("dt", {}, name),
          held,
        );
      });
      if (buffer) {
        const stores = buffer.map(([of, value]) => `${data.variables[of]} = ${grouped(value)}`);
        const held = element("dd", {}, stores.join(", ") || "empty");
        shown.push(element("div", { class: "buffer" }, element("dt", {}, "store buffer"), held));
      }
      parts.values.replaceChildren(...shown);
    }

    /** Tells how it has ended. */
    showEnd(end, views) {
      this.outcome.className = "outcome";
      if (end === null) {
        this.outcome.textContent = "";
        return;
      }
      const { data } = this;
      let words = `All threads are done: ${end.text}`;
      if (end.kind === "deadlock") {
        const waits = views.map((view, thread) =>
          view[1] === "blocked" ? `${data.threads[thread]} waits for ${view[3]}` : "",
        );
        words = `Deadlock: ${waits.filter(Boolean).join("; ").replaceAll("`", "")}`;
      } else if (end.kind === "livelock") {
        words = "Livelock: the threads can move for ever, and no step leads out";
      } else if (end.kind !== "finished") {
        words = `A thread has failed, which ends the run: ${end.text}`;
      } else if (data.expected !== null) {
        words = `All threads are done: ${grouped(end.text)}`;
        if (end.correct === false) words += ` instead of ${grouped(data.expected)}`;
      }
      if (end.kind === "finished" && end.correct === true) words += ", which is correct";
      if (end.kind === "finished" && end.correct === false) words += ", which is wrong";
      this.outcome.textContent = `${words}.`;
      if (end.correct !== null) this.outcome.classList.add(end.correct ? "good" : "lost");
    }

    /** Shows the threads to choose from, what can still come of it, and the goal. */
    showGame(frame, end) {
      const { data, game } = this;
      const choices = element("div", { class: "choices" });
      const focused = document.activeElement && document.activeElement.dataset.actor;
      data.actors.forEach((label, actor) => {
        const next = end === null && game.next(frame, actor);
        const view = data.views[frame.word[actor + 1]];
        const text = next ? data.events[next.event][0] : view ? view[1] : "empty";
        const made = element("button", { type: "button", disabled: next ? false : "" });
        made.dataset.actor = actor;
        made.append(`${label}: `, element("code", {}, text));
        made.addEventListener("click", () => this.move(actor));
        choices.append(made);
      });
      const rows = game.chances(frame).map(([index, chance, schedules]) => {
        const { text, correct, goal } = data.ends[index];
        const share = chance === 1 ? "at most 0.01%" : `${chance / 100}%`;
        const verdict = correct === null ? "" : correct ? "correct" : "wrong";
        const cells = [goal ? `${verdict} (goal)` : verdict, share];
        const many = schedules === null ? "" : grouped(schedules);
        const bar = element("div", { class: "chance", style: `width: ${chance / 100}%` });
        return element(
          "tr",
          { class: correct === null ? "" : correct ? "good" : "lost" },
          element("th", { scope: "row" }, text),
          ...cells.map((cell) => element("td", {}, cell)),
          element("td", { class: "bar" }, bar),
          element("td", { class: "number" }, many),
        );
      });
      const heads = ["end", "", "chance", "", "schedules"];
      const head = heads.map((name) =>
        element(name ? "th" : "td", name ? { scope: "col" } : {}, name),
      );
      const table = element(
        "table",
        {},
        element("caption", {}, "What can still come of it"),
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...rows),
      );
      const frameOf = {
        class: "scroll",
        tabindex: 0,
        role: "group",
        "aria-label": "What can come",
      };
      const played = game.token();
      const typed = `miscount replay ${data.command} --schedule ${played}`;
      const command = element(
        "p",
        {},
        "On real threads: ",
        element("code", { class: "command" }, typed),
      );
      const goal = this.goal(frame, end);
      const over = end !== null && played;
      this.free.replaceChildren(
        ...goal,
        choices,
        element("div", frameOf, table),
        ...(over ? [command] : []),
      );
      const again = this.free.querySelector(`button[data-actor="${focused}"]`);
      if (focused !== undefined && again) (again.disabled ? this.root : again).focus();
    }

    /** Returns the status of the goal, if there is one. */
    goal(frame, end) {
      const { data, game } = this;
      const { goal } = game.table;
      if (!goal) return [];
      const yours = `(par ${goal.par === null ? "unknown" : goal.par}, yours ${game.switches()})`;
      const status = element("p", { class: "goal", role: "status", "aria-live": "polite" });
      this.root.dataset.stars = "";
      if (end !== null && data.ends[end].goal) {
        const earned = stars(game.switches(), goal.par);
        const signs = "\u2605".repeat(earned) + "\u2606".repeat(MOST_STARS - earned);
        this.root.dataset.stars = earned;
        status.append(
          element("span", { role: "img", "aria-label": `${earned} of ${MOST_STARS} stars` }, signs),
          ` Goal reached: ${goal.text} ${yours}.`,
        );
        status.classList.add("good");
        const lesson = goal.lesson.split("\n").filter(Boolean);
        return [status, ...lesson.map((words) => element("p", { class: "lesson" }, words))];
      }
      if (game.hopes(frame)) {
        status.append(`Goal: ${goal.text} ${yours}.`);
      } else {
        const since = game.frames.findIndex((tried) => !game.hopes(tried));
        status.append(`Out of reach since step ${since}: ${goal.text}. Go back, and try again.`);
        status.classList.add("lost");
      }
      return [status];
    }
  }

  for (const root of document.querySelectorAll(".player")) new Player(root);
})();
