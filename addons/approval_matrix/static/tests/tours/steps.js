// Steps that tours of several addons take.

import {hold} from "@approval_matrix/approval_hold/approval_hold_service";
import {browser} from "@web/core/browser/browser";

/** For how many milliseconds people can undo what they decide. */
export const PATIENCE = hold.delay;

// Nobody watches: what is approved is sent at once, unless a tour is about that.
hold.delay = 200;

// The test that played a tour asks the database next. It must not find by luck what the
// screen has not sent yet: the last step waits until nothing is held back.
const {console} = browser;
const {log} = console;
console.log = (text, ...others) => {
    const held = document.querySelector(".o_approval_held_bar");
    if (text === "tour succeeded" && held) {
        console.error(`The tour ended while this was held back: ${held.innerText}`);
        return;
    }
    log.call(console, text, ...others);
};

/** What is approved from now on stays on the screen until it is undone or left. */
export const HOLD_FOR_LONG = {
    content: "Nobody is in a hurry",
    trigger: "body",
    run() {
        hold.delay = 60000;
    },
};

export const NOTHING_WAITS = {
    content: "Nothing waits any more",
    trigger: ".o_view_nocontent:contains(Nothing waits for you)",
};

/**
 * Hand the page what the bus would carry.
 *
 * @param {Array} told: pairs of type and payload
 */
export async function hearByBus(told) {
    const {bus_service: bus, worker_service: service} =
        odoo.__WOWL_DEBUG__.root.env.services;
    await bus.start();
    const data = told.map(([type, payload], id) => ({id, message: {type, payload}}));
    const message = {data: {type: "BUS:NOTIFICATION", data}};
    const {worker} = service;
    (worker.port || worker).dispatchEvent(new MessageEvent("message", message));
}

/** Tick the row of a list that contains the text. */
export function selectRow(text) {
    return [
        {
            content: `Select ${text}`,
            trigger: `.o_data_row:contains(${text}) .o_list_record_selector input`,
            run: "click",
        },
        {
            content: `${text} is selected`,
            trigger: `.o_data_row_selected:contains(${text})`,
        },
    ];
}

const CARD = ".o_kanban_record:not(.o_kanban_ghost)";

/** Choose several cards on a phone: a finger stays on the first, and taps the others. */
export function chooseCards(first, ...others) {
    return [
        {
            content: `A finger stays on ${first}`,
            trigger: `${CARD}:contains(${first})`,
            run() {
                this.anchor.dispatchEvent(new Event("touchstart", {bubbles: true}));
            },
        },
        {
            content: `${first} is chosen`,
            trigger: `${CARD}.o_record_selected:contains(${first})`,
            run() {
                this.anchor.dispatchEvent(new Event("touchend", {bubbles: true}));
            },
        },
        ...others.flatMap((other) => [
            {
                content: `Tap ${other}`,
                trigger: `${CARD}:contains(${other}) .o_approval_card`,
                run: "click",
            },
            {
                content: `${other} is chosen, too`,
                trigger: `${CARD}.o_record_selected:contains(${other})`,
            },
        ]),
    ];
}

/** Press what is offered on a phone for all cards that are chosen. */
export function pressForAll(name) {
    const trigger = `.o_approval_bulk button[name=${name}]:enabled`;
    return [fitsOnScreen(trigger), {content: `Press ${name}`, trigger, run: "click"}];
}

/** Fail unless a finger hits each of the card's buttons, and only that. */
export function fitForFingers(card) {
    return {
        content: "A finger hits one button only",
        trigger: `${card} button[name=action_approve]`,
        run() {
            const boxes = [...this.anchor.closest(".o_kanban_record").querySelectorAll("button")]
                .map((button) => button.getBoundingClientRect())
                .sort((one, other) => one.left - other.left);
            boxes.forEach((box, index) => {
                const gap = index ? box.left - boxes[index - 1].right : 8;
                if (box.height < 44 || gap < 8) {
                    throw new Error(`${box.height} high, ${gap} from the one before`);
                }
            });
        },
    };
}

/** Return where the cards are, to compare with where they are later. */
export function getPlaces() {
    const cards = [...document.querySelectorAll(".o_kanban_record:not(.o_kanban_ghost)")];
    return cards.map((card) => Math.round(card.getBoundingClientRect().top)).join();
}

/** Tap a button of a card twice, and fail if anything moves under the finger. */
export function tapTwice(card, name, outcome) {
    const place = {};
    return [
        {
            content: `Tap ${name}, and again and beside it while that is sent`,
            trigger: `${card} button[name=${name}]`,
            run() {
                const {left, top, width, height} = this.anchor.getBoundingClientRect();
                Object.assign(place, {x: left + width / 2, y: top + height / 2});
                place.cards = getPlaces();
                this.anchor.click();
                this.anchor.click();
                document.querySelectorAll(".o_kanban_record button").forEach((button) => button.click());
            },
        },
        {
            content: "The card says what was decided",
            trigger: `${card}:contains(${outcome}):not(:has(button))`,
        },
        {
            content: "Under the finger there is still that card, and no button",
            trigger: card,
            run() {
                const hit = document.elementFromPoint(place.x, place.y);
                if (!this.anchor.contains(hit) || hit.closest("button")) {
                    throw new Error(`a third tap would hit ${hit.outerHTML}`);
                }
                if (getPlaces() !== place.cards) {
                    throw new Error(`cards moved from ${place.cards} to ${getPlaces()}`);
                }
            },
        },
        {
            content: "Nothing was refused",
            trigger: "body:not(:has(.modal)):not(:has(.o_notification))",
        },
    ];
}

/** Fail if a button cannot be reached without scrolling sideways. */
export function fitsOnScreen(trigger) {
    return {
        content: "The buttons are on the screen",
        trigger,
        run() {
            const {right} = this.anchor.getBoundingClientRect();
            if (right > window.innerWidth) {
                throw new Error(`button ends at ${right} of ${window.innerWidth}`);
            }
        },
    };
}

/**
 * Fail unless all of it is read on the first screen, above the buttons that decide.
 *
 * @param {String} buttons: selector of what the buttons are in
 * @param {Object} parts: a selector by what it is
 */
export function fitsAbove(buttons, parts) {
    return {
        content: "The first screen says it all",
        trigger: buttons,
        run() {
            const fold = this.anchor.getBoundingClientRect();
            if (fold.top < 0 || fold.bottom > window.innerHeight) {
                throw new Error(`buttons from ${fold.top} to ${fold.bottom}`);
            }
            const lost = Object.entries(parts).flatMap(([name, selector]) => {
                const found = [...document.querySelectorAll(selector)];
                const boxes = found.map((each) => each.getBoundingClientRect());
                const isLost = ({top, right, bottom, height}) =>
                    !height || top < 0 || bottom > fold.top || right > window.innerWidth;
                return boxes.length
                    ? boxes.filter(isLost).map(({bottom}) => `${name} down to ${bottom}`)
                    : [`${name} is not there`];
            });
            if (lost.length) {
                throw new Error(`above ${fold.top}: ${lost.join(", ")}`);
            }
        },
    };
}
