/** What a subscription may look like: dotted segments of names, `*` for one of them, `**` at the end for the rest. */
export const patternShape = /^(?:[a-z_]+|\*)(?:\.(?:[a-z_]+|\*))*(?:\.\*\*)?$|^\*\*$/;
