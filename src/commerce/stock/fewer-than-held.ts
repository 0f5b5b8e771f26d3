import { AppError } from "#src/kernel/app-error.ts";
import type { StockRow } from "./stock-repository.ts";

/** The refusal of a change that would leave fewer than orders hold. */
export const fewerThanHeld = (
  there: Pick<StockRow, "onHand" | "reserved"> | undefined,
  cause?: unknown,
): AppError =>
  new AppError("INSUFFICIENT_STOCK", {
    message: "Fewer than orders hold",
    details: { on_hand: there?.onHand ?? 0, reserved: there?.reserved ?? 0 },
    cause,
  });
