import {
    Component,
    onMounted,
    onWillUpdateProps,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {deserializeDateTime, serializeDateTime} from "@web/core/l10n/dates";
import {KeepLast} from "@web/core/utils/concurrency";
import {RPCError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary} from "@web/views/fields/formatters";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;
/** Events of a page, and so many are looked at again at once. */
const PAGE = 30;
const MOST = 200;
const PAUSE = 250;

/**
 * What happened, the latest first, without an end: older events follow when one scrolls
 * down, and newer ones when one scrolls up from a day that was chosen.
 */
export class TimelineFeed extends Component {
    static template = "case_timeline.TimelineFeed";
    static props = {
        resModel: String,
        resId: Number,
        head: Object,
        news: Number,
        state: Object,
        onOpen: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("search");
        this.list = useRef("list");
        this.end = useRef("end");
        this.latest = new KeepLast();
        // what is chosen is still chosen when one comes back from a document
        this.filters = this.props.state;
        const {search = "", departments = [], kind = "", day = ""} = this.filters;
        Object.assign(this.filters, {search, departments, kind, day});
        this.state = useState({
            events: [],
            older: false,
            newer: false,
            isLoading: true,
            error: "",
            chosen: -1,
            fresh: [],
            hasNews: false,
            ...this.filters,
        });
        this.searchSoon = useDebounced(() => this.reload(), PAUSE);
        useExternalListener(window, "keydown", (event) => this.onKeydown(event));
        this.reload();
        onWillUpdateProps((props) => {
            if (props.news !== this.props.news) {
                this.refresh();
            }
        });
        onMounted(() => {
            this.observer = new IntersectionObserver(
                (entries) => entries.some((each) => each.isIntersecting) && this.loadOlder(),
                {rootMargin: "400px"}
            );
        });
        useEffect(
            (end) => {
                if (end) {
                    // watched anew, so that a page that leaves room fetches the next
                    this.observer.observe(end);
                    return () => this.observer.unobserve(end);
                }
            },
            () => [this.end.el, this.state.older]
        );
    }

    // What is asked for

    get options() {
        const {search, departments, kind} = this.state;
        return {
            search: search.trim() || false,
            departments: departments.length ? [...departments] : false,
            kinds: kind ? [kind] : false,
        };
    }

    get isFiltered() {
        const {search, departments, kind, day} = this.state;
        return Boolean(search.trim() || departments.length || kind || day);
    }

    /** The end of the day that was chosen, as the server has it. */
    get moment() {
        const day = this.state.day && DateTime.fromISO(this.state.day);
        return day?.isValid ? serializeDateTime(day.plus({days: 1})) : false;
    }

    async fetch(options) {
        const {resModel, resId} = this.props;
        try {
            const page = await this.latest.add(
                this.orm.silent.call("timeline.feed", "get_page", [resModel, resId], {
                    ...this.options,
                    ...options,
                })
            );
            this.state.error = "";
            return page;
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.state.error = error.data?.message || _t("The server does not answer.");
            return null;
        } finally {
            this.state.isLoading = false;
        }
    }

    /** Begin anew, with what is chosen now. */
    async reload() {
        const {search, departments, kind, day} = this.state;
        Object.assign(this.filters, {search, departments: [...departments], kind, day});
        this.state.isLoading = true;
        const page = await this.fetch({at: this.moment});
        if (page) {
            Object.assign(this.state, {...page, chosen: -1, fresh: [], hasNews: false});
        }
    }

    async loadOlder() {
        const {older, isLoading} = this.state;
        if (!older || isLoading) {
            return;
        }
        this.state.isLoading = true;
        const page = await this.fetch({before: older});
        if (page) {
            this.state.events.push(...page.events);
            this.state.older = page.older;
        }
    }

    async loadNewer() {
        const {newer, isLoading} = this.state;
        if (!newer || isLoading) {
            return;
        }
        this.state.isLoading = true;
        const page = await this.fetch({after: newer});
        if (page) {
            this.state.events.unshift(...page.events);
            this.state.newer = page.newer;
            this.state.chosen += this.state.chosen < 0 ? 0 : page.events.length;
        }
    }

    /** Something happened: look again at what is shown. */
    async refresh() {
        if (this.state.newer) {
            this.state.hasNews = true;
            return;
        }
        const before = this.state.events;
        const limit = Math.min(Math.max(before.length, PAGE), MOST);
        const page = await this.fetch({limit});
        if (!page) {
            return;
        }
        const known = new Set(before.map((event) => event.id));
        const chosen = before[this.state.chosen]?.id;
        const last = page.events.at(-1);
        const rest = before.length > limit && last ? before.slice(limit) : [];
        const shown = new Set(page.events.map((event) => event.id));
        const events = [...page.events, ...rest.filter((event) => !shown.has(event.id))];
        Object.assign(this.state, {
            events,
            older: rest.length ? this.state.older : page.older,
            chosen: events.findIndex((event) => event.id === chosen),
            fresh: page.events.map((event) => event.id).filter((id) => !known.has(id)),
        });
    }

    retry() {
        return this.reload();
    }

    // Filters

    onSearch(event) {
        this.state.search = event.target.value;
        this.searchSoon();
    }

    toggleDepartment(key) {
        const {departments} = this.state;
        this.state.departments = departments.includes(key)
            ? departments.filter((each) => each !== key)
            : [...departments, key];
        this.reload();
    }

    onKind(event) {
        this.state.kind = event.target.value;
        this.reload();
    }

    onDay(event) {
        this.state.day = event.target.value;
        this.reload();
    }

    clear() {
        Object.assign(this.state, {search: "", departments: [], kind: "", day: ""});
        this.reload();
    }

    toLatest() {
        this.state.day = "";
        this.reload();
    }

    // Words

    /** Events with the day that begins with them. */
    get rows() {
        let before = "";
        return this.state.events.map((event, index) => {
            const date = deserializeDateTime(event.date);
            const day = date.toISODate();
            const title = day === before ? "" : this.dayTitle(date);
            before = day;
            return {
                event,
                index,
                title,
                relative: date.toRelative(),
                full: date.toLocaleString(DateTime.DATETIME_FULL),
                time: date.toLocaleString(DateTime.TIME_SIMPLE),
            };
        });
    }

    dayTitle(date) {
        const days = Math.abs(date.startOf("day").diffNow("days").days);
        const full = date.toLocaleString(DateTime.DATE_HUGE);
        if (days >= 2) {
            return full;
        }
        const said = date.toRelativeCalendar({unit: "days"});
        return `${said.charAt(0).toLocaleUpperCase()}${said.slice(1)}, ${full}`;
    }

    amount({value, currency_id}) {
        return formatMonetary(value, {currencyId: currency_id});
    }

    get emptyText() {
        return this.isFiltered
            ? _t("Nothing found. Take away a filter, or look for something shorter.")
            : _t("Nothing has happened yet, or nothing that you may read.");
    }

    // Keyboard

    onKeydown(event) {
        const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
        if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) {
            return;
        }
        if (document.querySelector(".modal.show, .o_dialog")) {
            return;
        }
        if (isTyping) {
            if (event.target === this.input.el && ["Escape", "Enter", "ArrowDown"].includes(event.key)) {
                event.preventDefault();
                this.input.el.blur();
                this.choose(Math.max(this.state.chosen, 0));
            }
            return;
        }
        if (event.key === "j" || event.key === "ArrowDown") {
            this.choose(this.state.chosen + 1);
        } else if (event.key === "k" || event.key === "ArrowUp") {
            this.choose(this.state.chosen - 1);
        } else if (event.key === "/") {
            this.input.el.focus();
            this.input.el.select();
        } else if (event.key === "Enter" && !event.target.closest?.("button, a")) {
            const chosen = this.state.events[this.state.chosen];
            if (chosen?.open) {
                this.props.onOpen(chosen.open);
            }
        } else {
            return;
        }
        event.preventDefault();
    }

    choose(index) {
        const last = this.state.events.length - 1;
        this.state.chosen = Math.min(Math.max(index, 0), last);
        const row = this.list.el?.querySelector(`[data-index="${this.state.chosen}"]`);
        row?.scrollIntoView({block: "nearest"});
        if (this.state.chosen === last) {
            this.loadOlder();
        }
    }

    open(event, index) {
        this.state.chosen = index;
        if (event.open) {
            this.props.onOpen(event.open);
        }
    }
}
