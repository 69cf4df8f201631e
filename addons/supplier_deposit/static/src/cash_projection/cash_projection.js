import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {formatMonetary} from "@web/views/fields/formatters";

const LINE = "#017e84";
const FLOOR = "#d23f3a";
const MARK = "#985184";

/**
 * Bank and cash by day, the floor of the journal, and the day of this deposit.
 */
export class CashProjection extends Component {
    static template = "supplier_deposit.CashProjection";
    static props = {...standardFieldProps};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                if (!this.projection) {
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
        return this.projection.floor && this.projection.lowest < this.projection.floor;
    }

    get summary() {
        const {lowest, lowest_day} = this.projection;
        return _t("Lowest balance %(amount)s on %(day)s", {
            amount: this.money(lowest),
            day: this.day(lowest_day),
        });
    }

    get config() {
        const {days, floor, due, amount} = this.projection;
        const first = deserializeDate(days[0][0]);
        const position = (date) => deserializeDate(date).diff(first, "days").days;
        const points = days.map(([date, balance]) => ({x: position(date), y: balance}));
        const end = points[points.length - 1].x;
        const datasets = [
            {
                label: _t("Bank and cash"),
                data: points,
                stepped: true,
                borderColor: LINE,
                backgroundColor: `${LINE}22`,
                fill: "origin",
                pointRadius: 0,
                borderWidth: 2,
            },
        ];
        if (floor) {
            datasets.push({
                label: _t("Floor"),
                data: [
                    {x: 0, y: floor},
                    {x: end, y: floor},
                ],
                borderColor: FLOOR,
                borderDash: [6, 4],
                pointRadius: 0,
                borderWidth: 2,
            });
        }
        if (due) {
            const on = position(due);
            const at = points.filter(({x}) => x <= on).pop() || points[0];
            datasets.push({
                label: _t("This deposit (%s)", this.money(amount)),
                data: [{x: on, y: at.y}],
                borderColor: MARK,
                backgroundColor: MARK,
                pointRadius: 7,
                pointHoverRadius: 8,
                showLine: false,
            });
        }
        const label = (x) => formatDate(first.plus({days: x}));
        return {
            type: "line",
            data: {datasets},
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: {intersect: false, mode: "nearest"},
                plugins: {
                    legend: {position: "bottom"},
                    tooltip: {
                        callbacks: {
                            title: ([item]) => label(item.parsed.x),
                            label: (item) =>
                                `${item.dataset.label}: ${this.money(item.parsed.y)}`,
                        },
                    },
                },
                scales: {
                    x: {
                        type: "linear",
                        min: 0,
                        max: end,
                        ticks: {callback: label, maxTicksLimit: 6, maxRotation: 0},
                    },
                    y: {ticks: {callback: (value) => this.money(value), maxTicksLimit: 6}},
                },
            },
        };
    }
}

registry.category("fields").add("cash_projection", {
    component: CashProjection,
    supportedTypes: ["json"],
});
