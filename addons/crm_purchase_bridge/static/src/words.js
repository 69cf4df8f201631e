import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatFloat} from "@web/core/utils/numbers";

/** A quantity as all desks write it: no more decimals than it has. */
export function formatQuantity(quantity) {
    return formatFloat(quantity, {digits: [16, 3], trailingZeros: false});
}

/** A day from the server; nothing: what is said where nobody knows it. */
export function formatDay(day, unknown) {
    return day ? formatDate(deserializeDate(day)) : unknown;
}
