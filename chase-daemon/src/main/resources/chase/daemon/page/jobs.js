// Jobs: how far each is, how much slower than at full power, and what is left of its budget.

import { byId, make, rebuild, setText } from "./dom.js";
import { clockNear, count, lasting, number, percent } from "./text.js";

/** The section of jobs. */
export class JobList {
  /** Shows them all. */
  show({ state, now }) {
    const { jobs, gpus } = state;
    const indices = new Map(gpus.map((gpu) => [gpu.uuid, gpu.index]));
    const rows = jobs.map((job) => describe(job, indices, now));
    const registered = jobs.filter((job) => job.origin === "registered").length;
    setText(
      byId("jobs-sum"),
      jobs.length === 0 ? "" : `${count(registered, "registered job")}, ${jobs.length - registered} anonymous`,
    );
    rebuild(byId("jobs"), rows, () =>
      rows.length === 0
        ? [make("li.empty.card", {}, "No job runs. A job that registers gets its budget kept: chase run, or POST /v1/jobs.")]
        : rows.map(item),
    );
  }
}

/** The job in words, so that an unchanged one is not drawn anew. */
function describe(job, indices, now) {
  const on = job.gpus.map((uuid) => indices.get(uuid) ?? uuid.slice(0, 12));
  return {
    id: job.id,
    name: job.name,
    who: [
      job.user,
      on.length > 0 && `GPU ${on.join(", ")}`,
      job.origin === "anonymous" ? "anonymous: found by the driver, it has no budget" : job.promise,
    ].filter(Boolean).join(" · "),
    advice: job.pause ? `asked to pause${job.until ? " until " + clockNear(Date.parse(job.until), now) : ""}` : job.ignores_pauses ? "ignores pauses" : "",
    progress: progress(job),
    speed: job.steps_per_second === undefined ? "" : `${number(job.steps_per_second)} steps/s` + (job.full_power_steps_per_second ? ` of ${number(job.full_power_steps_per_second)} at full power` : ""),
    slowdown: job.slowdown_ratio === undefined ? "" : slowdown(job),
    slack: slack(job),
    due: due(job, now),
  };
}

function progress(job) {
  if (job.steps === undefined) {
    return null;
  }
  const steps = job.steps.toLocaleString("en-GB");
  return job.total_steps
    ? { ratio: Math.min(1, job.steps / job.total_steps), text: `${steps} of ${job.total_steps.toLocaleString("en-GB")} steps` }
    : { text: `${steps} steps` };
}

function slowdown(job) {
  const words = job.slowdown_ratio < 0 ? `${percent(-job.slowdown_ratio)} faster` : `${percent(job.slowdown_ratio)} slower`;
  return words + " than at full power" + (job.slowdown_bound === undefined ? "" : `, ${percent(job.slowdown_bound)} allowed`);
}

function slack(job) {
  if (job.slack_seconds === undefined) {
    return null;
  }
  const late = job.slack_seconds < 0;
  const share = job.slack_ratio;
  return {
    late,
    ratio: share === undefined ? null : Math.min(1, Math.max(0, share)),
    text: late ? `late by ${lasting(-job.slack_seconds)}` : `${lasting(job.slack_seconds)} in hand` + (share === undefined ? "" : `, ${percent(share)} of its budget`),
  };
}

function due(job, now) {
  return [
    job.remaining_seconds !== undefined && `${lasting(job.remaining_seconds)} to go`,
    job.deadline && `deadline ${clockNear(Date.parse(job.deadline), now)}`,
    `started ${clockNear(Date.parse(job.started_at), now)}`,
  ].filter(Boolean).join(" · ");
}

function item(job) {
  if (!job.progress && !job.slack && !job.slowdown) {
    return make("li.card", { "data-id": job.id }, make("h3", {}, job.name), make("p.basis", {}, [job.who, job.due].join(" · ")));
  }
  return make(
    "li.card.job",
    { "data-id": job.id },
    make("div.name", {}, make("h3", {}, job.name), job.advice ? make("span.chip.wait", {}, "❚❚ " + job.advice) : null, make("p.basis", {}, job.who), make("p.basis", {}, job.due)),
    make("div.part", {}, job.progress ? bar("Progress", job.progress.ratio, job.progress.text, "") : make("p.basis", {}, "reports no steps"), job.speed ? make("p.basis", {}, job.speed) : null),
    make("div.part", {}, job.slack ? bar("Slack", job.slack.ratio, job.slack.text, job.slack.late ? "late" : "") : make("p.basis", {}, "no slack is known"), job.slowdown ? make("p.basis", {}, job.slowdown) : null),
  );
}

/** A bar with its words; without a ratio, the words alone. */
function bar(name, ratio, text, kind) {
  const label = make("p.bar-label", {}, make("b", {}, name), " ", text);
  if (ratio === null || ratio === undefined) {
    return label;
  }
  const fill = make("span");
  fill.style.width = ratio * 100 + "%";
  return make("div.bar", { class: "bar " + kind }, label, make("div.track", { "aria-hidden": "true" }, fill));
}
