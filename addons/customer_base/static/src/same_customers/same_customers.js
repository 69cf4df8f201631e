import {Component, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {rpcBus} from "@web/core/network/rpc";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useBus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {WarningDialog} from "@web/core/errors/error_dialogs";

/** What is asked about, as customer.match names it. */
const FIELDS = [
    "name",
    "phone",
    "email",
    "vat",
    "street",
    "city",
    "is_company",
    "country_id",
    "company_id",
    "parent_id",
    "birthdate_date",
];
/** What the server says of somebody whom the form did not show when it was saved. */
const ALREADY_THERE = "odoo.addons.customer_base.exceptions.AlreadyThere";
/** Nobody stops typing for longer in the middle of a word. */
const PAUSE = 400;
/** So many of those whom the server named are remembered until one saves. */
const MOST_HEARD = 20;
/** What forms are about to tell: none of them waits for another one's. */
const tellings = new WeakSet();

/** Whom forms showed, and whom the server named when it stopped one. */
function join(told, heard) {
    return {
        ids: [...new Set([...told.ids, ...heard.ids])],
        hidden: told.hidden || heard.hidden,
    };
}

/**
 * Who may be the customer that somebody is about to enter: asked while one types, shown
 * above the form, and gone when nobody is alike.
 */
export class SameCustomers extends Component {
    static template = "customer_base.SameCustomers";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState(this.nobody);
        this.asked = "";
        this.heard = this.nobodyHeard;
        this.look = useDebounced((question) => this.find(question), PAUSE);
        const {bus} = this.props.record.model;
        useBus(bus, "NEED_LOCAL_CHANGES", ({detail}) => {
            const telling = this.tellLast(detail.proms);
            tellings.add(telling);
            detail.proms.push(telling);
        });
        // nobody is there any more to look at whom it is like
        useBus(bus, "WILL_SAVE_URGENTLY", () => this.send({is_closing: true}));
        useBus(rpcBus, "RPC:RESPONSE", ({detail}) => {
            if (detail.error?.exceptionName === ALREADY_THERE && this.asked) {
                this.hear(detail.error.data.context.told);
                this.find(this.asked);
            }
        });
        useRecordObserver((record) => {
            const values = {};
            for (const name of FIELDS) {
                // each is read, so that each is watched
                const value = record.data[name];
                values[name] = value?.toISODate?.() ?? value ?? false;
            }
            if (!record.dirty && record.resId) {
                // one only reads it, or it is the next one: nobody was told of it
                this.forget();
                return;
            }
            const question = JSON.stringify([values, record.resId || false]);
            if (question !== this.asked) {
                this.asked = question;
                // of another number a colleague's customer is another one
                this.heard.hidden = false;
                this.look(question);
            }
        });
    }

    get nobody() {
        return {matches: [], hidden: "", reaction: "", warnings: [], isAsked: false};
    }

    /** What was asked, and is still asked, was of another customer. */
    forget() {
        this.look.cancel();
        this.asked = "";
        this.heard = this.nobodyHeard;
        Object.assign(this.state, this.nobody);
    }

    get nobodyHeard() {
        return {ids: [], hidden: false};
    }

    get levels() {
        return {
            sure: {label: _t("Same customer"), color: "danger"},
            possible: {label: _t("May be the same"), color: "warning"},
            related: {label: _t("Related"), color: "info"},
        };
    }

    /** The colour of the strongest of them. */
    get color() {
        const first = this.state.matches[0];
        const level = this.state.hidden === "sure" || !first ? this.state.hidden : first.level;
        return this.levels[level]?.color || "warning";
    }

    get reason() {
        return this.props.record.data.same_customer_reason || "";
    }

    setReason(ev) {
        return this.props.record.update({same_customer_reason: ev.target.value});
    }

    /**
     * Remember whom the server named when it stopped the form: who saves once more was
     * told of them.
     *
     * @param {Object} told ids of customers, and whether it said that a colleague has one
     */
    hear(told) {
        const {ids, hidden} = join(this.heard, told);
        this.heard = {ids: ids.slice(-MOST_HEARD), hidden};
    }

    /**
     * Tell once all fields have said what is in them: a key saves while one still types,
     * and until then the record is as it was.
     *
     * @param {Promise[]} proms of all that was asked for what is in it
     */
    async tellLast(proms) {
        // each of them is asked in this moment
        await Promise.resolve();
        await Promise.all(proms.filter((each) => !tellings.has(each)));
        await this.props.record.model.mutex.getUnlockedDef();
        await this.tell();
    }

    /** Let the server know, when it is saved, who is shown as surely the same. */
    async tell() {
        const {matches, hidden} = this.state;
        const ids = matches.filter(({level}) => level === "sure").map(({id}) => id);
        await this.send(join({ids, hidden: hidden === "sure"}, this.heard));
        await this.tellOfContacts();
    }

    /** Whom the server named is told for contacts as well, whose windows are closed. */
    async tellOfContacts() {
        if (!this.heard.ids.length && !this.heard.hidden) {
            return;
        }
        for (const contact of this.props.record.data.child_ids?.records || []) {
            const told = contact.data.same_customers_told;
            const text = told && JSON.stringify(join(JSON.parse(told), this.heard));
            if (text && text !== told) {
                await contact.update({same_customers_told: text});
            }
        }
    }

    /** @param {Object} told as customer.match reads it */
    async send(told) {
        const {record} = this.props;
        const text = JSON.stringify(told);
        if (record.dirty && text !== record.data.same_customers_told) {
            await record.update({same_customers_told: text});
        }
    }

    /** @param {string} question what is typed, and of which customer */
    async find(question) {
        const found = await this.keepLast.add(
            this.orm.silent.call("customer.match", "find", JSON.parse(question))
        );
        // meanwhile it may be the next customer
        if (question === this.asked) {
            Object.assign(this.state, found, {isAsked: false});
        }
    }

    /** Of whoever leads the colleague. */
    async ask() {
        await this.orm.call("customer.match", "ask_access", [
            ...JSON.parse(this.asked),
            this.reason || false,
        ]);
        this.state.isAsked = true;
    }

    /** In a window of its own, so that what was typed stays. */
    open(match) {
        window.open(`/odoo/res.partner/${match.id}`, "_blank");
    }
}

registry.category("view_widgets").add("same_customers", {
    component: SameCustomers,
    additionalClasses: ["w-100"],
    fieldDependencies: [
        {name: "name", type: "char"},
        {name: "phone", type: "char"},
        {name: "email", type: "char"},
        {name: "vat", type: "char"},
        {name: "street", type: "char"},
        {name: "city", type: "char"},
        {name: "is_company", type: "boolean"},
        {name: "country_id", type: "many2one", relation: "res.country"},
        {name: "company_id", type: "many2one", relation: "res.company"},
        {name: "parent_id", type: "many2one", relation: "res.partner"},
        // what is only read is not saved
        {name: "same_customer_reason", type: "char", readonly: false},
        // a new form sends it anyway: who saves before the answer came was told nothing
        {name: "same_customers_told", type: "char", readonly: false},
        {name: "birthdate_date", type: "date"},
    ],
});

registry.category("error_dialogs").add(
    ALREADY_THERE,
    class extends WarningDialog {
        inferTitle() {
            return _t("Already There");
        }
    }
);
