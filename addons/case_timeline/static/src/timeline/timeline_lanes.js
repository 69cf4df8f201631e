import {
    Component,
    markRaw,
    onMounted,
    onPatched,
    onWillStart,
    onWillUpdateProps,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {
    deserializeDate,
    deserializeDateTime,
    serializeDateTime,
} from "@web/core/l10n/dates";
import {KeepLast} from "@web/core/utils/concurrency";
import {RPCError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;
const HOUR = 3600 * 1000;
/** Hours that the window shows, by zoom; *fit* shows all. */
const ZOOMS = {day: 36, week: 24 * 9, month: 24 * 35, fit: 0};
/** Hours between two lines of the axis: the first that leaves room for a date. */
const STEPS = [1, 3, 6, 12, 24, 24 * 2, 24 * 7, 24 * 14, 24 * 30, 24 * 91, 24 * 365];
const ROOM = 70;
/** So much room a date takes. */
const DATE = 44;
const LABEL = 240;
const ROW = 28;
/** A time that was short is still seen. */
const THIN = 4;
/** So much less is shown of what somebody looks into. */
const DEEPER = 8;
/** Nothing is looked at that took less, in milliseconds. */
const SHORTEST = 60000;

/**
 * Who held a case when, each department in a lane of its own. The case waited for what is
 * drawn full; the line joins it up. What is pale was done meanwhile.
 */
export class TimelineLanes extends Component {
    static template = "case_timeline.TimelineLanes";
    static props = {resModel: String, resId: Number, news: Number, onOpen: Function};

    setup() {
        this.orm = useService("orm");
        this.scroller = useRef("scroller");
        this.latest = new KeepLast();
        this.label = LABEL;
        this.zooms = Object.keys(ZOOMS);
        this.state = useState({
            found: null,
            error: "",
            zoom: "fit",
            width: 900,
            shown: null,
            chosen: {model: this.props.resModel, id: this.props.resId},
            part: [],
        });
        // where to look after the next drawing
        this.center = null;
        onWillStart(() => this.load());
        onWillUpdateProps((props) => {
            if (props.news !== this.props.news) {
                this.loadNews();
            }
        });
        useExternalListener(window, "keydown", (event) => this.onKeydown(event));
        onMounted(() => this.measure());
        onPatched(() => {
            this.measure();
            if (this.center !== null && this.scroller.el) {
                const half = (this.scroller.el.clientWidth - LABEL) / 2;
                this.scroller.el.scrollLeft = this.x(this.center) - half;
                this.center = null;
            }
        });
    }

    /** Whether what is shown is one case of many, which knows of no other. */
    get isOneOfMany() {
        const {model, id} = this.state.chosen;
        return model !== this.props.resModel || id !== this.props.resId;
    }

    fetch(model, id, part = []) {
        return this.orm.silent.call("timeline.lanes", "get_lanes", [model, id, ...part]);
    }

    /** Something happened: the case that is looked at stays, and there may be others. */
    loadNews() {
        return this.load(this.isOneOfMany);
    }

    async load(isListAsked = false) {
        const {model, id} = this.state.chosen;
        const asked = [this.fetch(model, id, this.state.part)];
        if (isListAsked) {
            asked.push(this.fetch(this.props.resModel, this.props.resId));
        }
        try {
            const [found, all] = await this.latest.add(Promise.all(asked));
            if (all || !this.isOneOfMany) {
                this.cases = (all || found).cases;
            }
            // hundreds of spans, which never change: not watched one by one
            this.state.found = markRaw(found);
            this.state.chosen = {model: found.case.model, id: found.case.id};
            this.state.error = "";
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            if (this.isOneOfMany) {
                // it is gone, or somebody else's now: there may be others
                this.state.chosen = {model: this.props.resModel, id: this.props.resId};
                this.state.part = [];
                await this.load();
                return;
            }
            this.state.error = error.data?.message || _t("The server does not answer.");
        }
    }

    onCase(event) {
        const [model, id] = event.target.value.split(",");
        this.state.chosen = {model, id: Number(id)};
        this.state.shown = null;
        this.state.part = [];
        this.load();
    }

    /** What was too much to be shown one by one is, where somebody points at it. */
    lookInto(span, event) {
        const [first, last] = this.range;
        const [from, to] = [Math.max(span.from, first), Math.min(span.to, last)];
        const part = Math.max(Math.min((last - first) / DEEPER, to - from), SHORTEST);
        // a key points at the beginning
        const share = event.detail ? event.offsetX / event.target.clientWidth : 0;
        const start = from + share * (to - from) - part / 2;
        this.lookAt(Math.min(Math.max(start, from), to - part), part);
    }

    /** Go on with what was before (-1) or after (1) the part that is shown. */
    turn(direction) {
        const [first, last] = this.range;
        this.lookAt(first + direction * (last - first), last - first);
    }

    async lookAt(start, length) {
        this.state.part = [start, start + length].map((moment) =>
            serializeDateTime(DateTime.fromMillis(moment))
        );
        this.state.shown = null;
        this.state.zoom = "fit";
        await this.load();
    }

    caseLabel({name, is_open}) {
        return is_open ? _t("%s (open)", name) : name;
    }

    measure() {
        const width = this.scroller.el?.clientWidth;
        if (width && Math.abs(width - LABEL - this.state.width) > 1) {
            this.state.width = width - LABEL;
        }
    }

    // Geometry: moments are milliseconds, places are pixels

    get now() {
        return deserializeDateTime(this.state.found.now).toMillis();
    }

    /** From when to when is drawn: asked for each place, so worked out once. */
    get range() {
        if (this.measured?.found !== this.state.found) {
            this.measured = {found: this.state.found, range: this.findRange()};
        }
        return this.measured.range;
    }

    findRange() {
        const {start, end, part} = this.state.found;
        if (part[0]) {
            return part.map((moment) => deserializeDateTime(moment).toMillis());
        }
        const moments = [
            deserializeDateTime(start).toMillis(),
            end ? deserializeDateTime(end).toMillis() : this.now,
            ...this.state.found.marks.map((mark) => this.markMoment(mark)),
        ];
        const [first, last] = [Math.min(...moments), Math.max(...moments)];
        const edge = Math.max((last - first) * 0.03, HOUR);
        return [first - edge, last + edge];
    }

    /** A day is met until it ends. */
    markMoment({day}) {
        return deserializeDate(day).endOf("day").toMillis();
    }

    get scale() {
        const hours = ZOOMS[this.state.zoom];
        const [first, last] = this.range;
        const fit = this.state.width / ((last - first) / HOUR);
        return hours ? Math.max(this.state.width / hours, fit) : fit;
    }

    get trackWidth() {
        const [first, last] = this.range;
        return Math.round(((last - first) / HOUR) * this.scale);
    }

    x(moment) {
        return ((moment - this.range[0]) / HOUR) * this.scale;
    }

    /** What is drawn, worked out once for all that a drawing asks of it. */
    get lanes() {
        const [found, scale] = [this.state.found, this.scale];
        if (this.drawn?.found !== found || this.drawn.scale !== scale) {
            this.drawn = {found, scale, lanes: this.draw()};
        }
        return this.drawn.lanes;
    }

    /** Lanes with the rows of their spans: what overlaps stands below each other. */
    draw() {
        const [first, last] = this.range;
        let top = 0;
        return this.state.found.lanes.map((lane) => {
            const ends = [];
            const spans = lane.spans.map((span) => {
                const from = deserializeDateTime(span.from).toMillis();
                const to = span.to
                    ? deserializeDateTime(span.to).toMillis()
                    : Math.max(this.now, from);
                let row = ends.findIndex((end) => end <= from);
                row = row < 0 ? ends.length : row;
                ends[row] = to;
                const left = this.x(Math.max(from, first));
                const width = Math.max(this.x(Math.min(to, last)) - left, THIN);
                const drawn = {
                    ...span,
                    department: lane.department,
                    label: lane.label,
                    from,
                    to,
                    left,
                    right: left + width,
                    width,
                    top: row * ROW + 4,
                    middle: top + row * ROW + ROW / 2,
                    isOpen: !span.to,
                };
                return {...drawn, text: this.describe(drawn)};
            });
            const height = Math.max(ends.length, 1) * ROW + 4;
            top += height;
            return {...lane, spans, height, top: top - height};
        });
    }

    /** Whether a case came back to a department that had it before. */
    get hasReturns() {
        return this.lanes.some((lane) => lane.spans.some((span) => span.is_back));
    }

    get height() {
        return this.lanes.reduce((sum, lane) => sum + lane.height, 0);
    }

    /** The way of the case through the lanes. */
    get path() {
        const decisive = this.lanes
            .flatMap((lane) => lane.spans)
            .filter((span) => span.is_decisive)
            .sort((one, other) => one.from - other.from || one.to - other.to);
        if (decisive.some((span) => span.count > 1)) {
            return ""; // it goes to and fro more often than can be drawn
        }
        return decisive
            .map(
                (span, index) =>
                    `${index ? "L" : "M"}${span.left.toFixed(1)} ${span.middle}` +
                    `L${this.x(span.to).toFixed(1)} ${span.middle}`
            )
            .join("");
    }

    get ticks() {
        const hours = STEPS.find((step) => step * this.scale >= ROOM) || STEPS.at(-1);
        const [first, last] = this.range;
        let moment = DateTime.fromMillis(first).startOf(hours < 24 ? "day" : "week");
        if (hours >= 24 * 30) {
            moment = moment.startOf("month");
        }
        const ticks = [];
        while (moment.toMillis() <= last) {
            if (moment.toMillis() >= first) {
                const isDay = moment.hour === 0;
                const x = this.x(moment.toMillis());
                const text = isDay
                    ? moment.toLocaleString({day: "numeric", month: "numeric"})
                    : moment.toLocaleString(DateTime.TIME_SIMPLE);
                ticks.push({
                    key: moment.toMillis(),
                    x,
                    text: x + DATE > this.trackWidth ? "" : text,
                    title: moment.toLocaleString(DateTime.DATE_HUGE),
                });
            }
            moment =
                hours >= 24 * 30
                    ? moment.plus({months: Math.round(hours / (24 * 30))})
                    : hours >= 24
                      ? moment.plus({days: hours / 24})
                      : moment.plus({hours});
        }
        return ticks;
    }

    get marks() {
        const today = {key: "today", label: _t("Now"), moment: this.now, day: ""};
        const days = this.state.found.marks.map((mark) => ({
            ...mark,
            moment: this.markMoment(mark),
            day: deserializeDate(mark.day).toLocaleString({
                day: "numeric",
                month: "numeric",
            }),
        }));
        const [first, last] = this.range;
        return (this.state.found.end ? days : [today, ...days])
            .filter(({moment}) => first <= moment && moment <= last)
            .map((mark, index) => ({...mark, index, x: this.x(mark.moment)}));
    }

    // Words

    hours(hours) {
        return _t("%s h", formatFloat(hours, {digits: [16, hours < 10 ? 1 : 0]}));
    }

    zoomLabel(zoom) {
        return {day: _t("Day"), week: _t("Week"), month: _t("Month"), fit: _t("All")}[
            zoom
        ];
    }

    spanText(span) {
        const back = span.is_back && "↩";
        if (span.count > 1) {
            return [back, _t("%s times", span.count)].filter(Boolean).join(" ");
        }
        return [back, span.step_label, span.document].filter(Boolean).join(" ");
    }

    describe(span) {
        const when = (moment) =>
            DateTime.fromMillis(moment).toLocaleString({
                day: "numeric",
                month: "numeric",
                year: "numeric",
                hour: "numeric",
                minute: "2-digit",
            });
        return [
            span.label,
            this.spanText(span),
            span.holder,
            span.isOpen
                ? _t("since %s", when(span.from))
                : _t("%(from)s – %(to)s", {from: when(span.from), to: when(span.to)}),
            _t("%s working hours", formatFloat(span.working_hours, {digits: [16, 1]})),
            span.is_decisive ? _t("the case waited for it") : _t("done meanwhile"),
            span.is_back && _t("came back"),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    // Doing

    zoomTo(zoom) {
        const el = this.scroller.el;
        const middle = el ? el.scrollLeft + (el.clientWidth - LABEL) / 2 : 0;
        const wasAll = this.state.zoom === "fit";
        if (zoom === "fit" && this.state.part.length) {
            this.state.part = [];
            this.load();
        }
        // from all of it one looks at what is now, else at what one looked at
        this.center = wasAll
            ? Math.min(this.now, this.range[1])
            : this.range[0] + (middle / this.scale) * HOUR;
        this.state.zoom = zoom;
    }

    /** Whether what is drawn goes on until now. */
    get hasNow() {
        const {lanes, end, part} = this.state.found || {lanes: []};
        return Boolean(lanes.length && !end && !part[0]);
    }

    toToday() {
        const half = (this.scroller.el.clientWidth - LABEL) / 2;
        this.scroller.el.scrollLeft = this.x(this.now) - half;
    }

    show(span) {
        this.state.shown = span.text;
    }

    open(span, event) {
        this.show(span);
        if (span.count > 1) {
            this.lookInto(span, event);
        } else if (span.open) {
            this.props.onOpen(span.open);
        }
    }

    onKeydown(event) {
        const isElsewhere =
            event.target !== document.body && !event.target.closest?.(".o_action_manager");
        if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) {
            return;
        }
        if (isElsewhere || event.target.closest?.("input, textarea, select")) {
            return;
        }
        if (!this.scroller.el || document.querySelector(".modal.show, .o_dialog")) {
            return;
        }
        const spans = [...this.scroller.el.querySelectorAll(".o_timeline_span")].sort(
            (one, other) => one.dataset.from - other.dataset.from
        );
        const at = spans.indexOf(document.activeElement);
        const index = this.zooms.indexOf(this.state.zoom);
        if (["ArrowRight", "j"].includes(event.key)) {
            spans[Math.min(at + 1, spans.length - 1)]?.focus();
        } else if (["ArrowLeft", "k"].includes(event.key)) {
            spans[Math.max(at - 1, 0)]?.focus();
        } else if (event.key === "+") {
            this.zoomTo(this.zooms[Math.max(index - 1, 0)]);
        } else if (event.key === "-") {
            this.zoomTo(this.zooms[Math.min(index + 1, this.zooms.length - 1)]);
        } else if (event.key === "t" && this.hasNow) {
            this.toToday();
        } else {
            return;
        }
        event.preventDefault();
    }

    /** Drag the time along. */
    onPointerDown(event) {
        if (event.button || event.target.closest("button")) {
            return;
        }
        const el = this.scroller.el;
        const [start, left] = [event.clientX, el.scrollLeft];
        const move = (next) => {
            el.scrollLeft = left - (next.clientX - start);
        };
        const stop = () => {
            el.removeEventListener("pointermove", move);
            el.removeEventListener("pointerup", stop);
            el.removeEventListener("pointercancel", stop);
        };
        el.setPointerCapture(event.pointerId);
        el.addEventListener("pointermove", move);
        el.addEventListener("pointerup", stop);
        el.addEventListener("pointercancel", stop);
    }
}
