import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {formatMonetary} from "@web/views/fields/formatters";

const LINE = "#017e84";
const FLOOR = "#d23f3a";
const MARK = "#985184";
/** Narrower screens show fewer dates. */
const NARROW = 500;

/** Return an amount as an axis has room for: 1.5B, 1,5 tỷ. */
export function compact(amount, locale = user.lang) {
    return new Intl.NumberFormat(locale, {
        notation: "compact",
        // Vietnamese writes tỷ and triệu; T and Tr are nobody's
        compactDisplay: locale.startsWith("vi") ? "long" : "short",
        maximumFractionDigits: 1,
    }).format(amount);
}

/** Return the balance that stands on a day, of points in the order of their days. */
export function balanceOn(points, day) {
    return (points.filter(({x}) => x <= day).pop() || points[0]).y;
}

/**
 * Bank and cash by day, the floor of the journal, and the day of this deposit.
 */
export class CashProjection extends Component {
    static template = "supplier_deposit_cash.CashProjection";
    static props = {...standardFieldProps};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                if (!this.projection || !this.canvas.el) {
                    return;
                }
                const chart = new Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [JSON.stringify(this.projection)]
        );
    }

    get projection() {
        return this.props.record.data[this.props.name];
    }

    money(amount) {
        return formatMonetary(amount, {currencyId: this.projection.currency});
    }

    day(date) {
        return formatDate(deserializeDate(date));
    }

    get isUnder() {
        const {floor, lowest} = this.projection;
        return Boolean(floor) && lowest < floor;
    }

    /** No money, no invoices, no floor: a line at zero tells nobody anything. */
    get isEmpty() {
        const {days, floor} = this.projection;
        return !floor && days.every(([, balance]) => !balance);
    }

    get summary() {
        const {lowest, lowest_day} = this.projection;
        return _t("Lowest balance %(amount)s on %(day)s", {
            amount: this.money(lowest),
            day: this.day(lowest_day),
        });
    }

    /** The deposit is due after the days that are shown. */
    get isBeyond() {
        const {days, due} = this.projection;
        return Boolean(due) && due > days.at(-1)[0];
    }

    get later() {
        return _t("This deposit is due later, on %s.", this.day(this.projection.due));
    }

    /** How the lowest balance compares with the floor. */
    get verdict() {
        const {floor, lowest} = this.projection;
        if (!floor) {
            return _t("No floor is set for this bank: no deposit is held back.");
        }
        if (this.isUnder) {
            return _t("%(amount)s under the floor of %(floor)s", {
                amount: this.money(floor - lowest),
                floor: this.money(floor),
            });
        }
        return _t("%(amount)s above the floor of %(floor)s", {
            amount: this.money(lowest - floor),
            floor: this.money(floor),
        });
    }

    get datasets() {
        const {days, floor, due, amount} = this.projection;
        const first = deserializeDate(days[0][0]);
        const position = (date) => deserializeDate(date).diff(first, "days").days;
        const points = days.map(([date, balance]) => ({x: position(date), y: balance}));
        const datasets = [
            {
                label: _t("Bank and cash"),
                data: points,
                stepped: true,
                borderColor: LINE,
                backgroundColor: `${LINE}22`,
                fill: floor
                    ? {target: {value: floor}, above: `${LINE}22`, below: `${FLOOR}44`}
                    : "origin",
                pointRadius: 0,
                borderWidth: 2,
            },
        ];
        if (floor) {
            datasets.push({
                label: _t("Floor"),
                data: [
                    {x: 0, y: floor},
                    {x: points.at(-1).x, y: floor},
                ],
                borderColor: FLOOR,
                borderDash: [6, 4],
                pointRadius: 0,
                borderWidth: 2,
            });
        }
        if (due && !this.isBeyond) {
            const on = position(due);
            datasets.push({
                label: _t("This deposit (%s)", this.money(amount)),
                data: [{x: on, y: balanceOn(points, on)}],
                borderColor: MARK,
                backgroundColor: MARK,
                pointRadius: 7,
                pointHoverRadius: 8,
                // a point on the edge of the graph is drawn whole
                clip: false,
                showLine: false,
            });
        }
        return datasets;
    }

    get config() {
        const datasets = this.datasets;
        const first = deserializeDate(this.projection.days[0][0]);
        const on = (x) => first.plus({days: x});
        return {
            type: "line",
            data: {datasets},
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: {intersect: false, mode: "nearest"},
                plugins: {
                    legend: {
                        position: "bottom",
                        labels: {usePointStyle: true, boxHeight: 6},
                    },
                    tooltip: {
                        callbacks: {
                            title: ([item]) => formatDate(on(item.parsed.x)),
                            label: (item) =>
                                `${item.dataset.label}: ${this.money(item.parsed.y)}`,
                        },
                    },
                },
                scales: {
                    x: {
                        type: "linear",
                        min: 0,
                        max: datasets[0].data.at(-1).x,
                        grid: {display: false},
                        ticks: {
                            callback: (x) =>
                                on(x).toLocaleString({day: "numeric", month: "numeric"}),
                            maxTicksLimit: window.innerWidth < NARROW ? 4 : 8,
                            maxRotation: 0,
                            includeBounds: false,
                        },
                    },
                    y: {
                        suggestedMin: 0,
                        ticks: {callback: (value) => compact(value), maxTicksLimit: 6},
                    },
                },
            },
        };
    }
}

registry.category("fields").add("cash_projection", {
    component: CashProjection,
    supportedTypes: ["json"],
});
