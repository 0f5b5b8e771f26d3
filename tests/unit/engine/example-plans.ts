import { text } from "../../support/engine.ts";
import { plan } from "../../support/plans.ts";

export const diamond = plan("a", {
  a: text(),
  b: text({ dependencies: ["a"] }),
  c: text({ dependencies: ["a"] }),
  d: text({ dependencies: ["b", "c"], next_step: "end" }),
  end: { action: "complete_workflow" },
});

export const fan = plan("fan", {
  fan: {
    action: "fan_out",
    sub_tasks: [
      { step_name: "left", topic: "system.adapter.web.search" },
      { step_name: "right", topic: "system.adapter.image.generate" },
    ],
    next_step: "join",
  },
  join: text({ input: { prompt: "{{steps.left.output.text}} and {{steps.right.output.text}}" } }),
});
