// @ts-nocheck
/**
 * NutriSage
 * 0.1.0
 * DO NOT MODIFY - This file has been generated using oazapfts.
 * See https://www.npmjs.com/package/oazapfts
 */
import * as Oazapfts from "@oazapfts/runtime";
import * as QS from "@oazapfts/runtime/query";
export const defaults: Oazapfts.Defaults<Oazapfts.CustomHeaders> = {
    headers: {},
    baseUrl: "/"
};
const oazapfts = Oazapfts.runtime(defaults);
export const servers = {
    server1: "/"
};
export type PlainItem = {
    /** Barcode as text, leading zeros kept; answers repeat it. */
    code?: string | null;
    /** Not looked at. */
    name?: string | null;
    /** Tags or names, in a list or separated by commas. Without a known one there is no official grade. */
    categories?: string[] | string | null;
    /** Food groups of Open Food Facts; they say less than categories. */
    foodGroups?: string[] | string | null;
    /** Whether it has a non-nutritive sweetener; counts for beverages. */
    isSweetened?: boolean | null;
    /** kJ */
    energyKj?: number | null;
    /** kcal; makes the kJ where they are absent */
    energyKcal?: number | null;
    /** g */
    fat?: number | null;
    /** g */
    saturatedFat?: number | null;
    /** g */
    carbohydrates?: number | null;
    /** g */
    sugars?: number | null;
    /** g */
    fibre?: number | null;
    /** g */
    proteins?: number | null;
    /** g */
    salt?: number | null;
    /** g; salt is 2.5 times as much, used where salt is absent */
    sodium?: number | null;
    /** % of fruit, vegetables and legumes */
    fruitShare?: number | null;
    /** % vol */
    alcohol?: number | null;
    /** g */
    starch?: number | null;
    /** g */
    polyols?: number | null;
    /** g */
    erythritol?: number | null;
    /** g */
    fructose?: number | null;
    /** g */
    glucose?: number | null;
    /** g */
    maltose?: number | null;
    /** g */
    lactose?: number | null;
    /** g */
    sucrose?: number | null;
    /** g */
    solubleFibre?: number | null;
    /** g */
    insolubleFibre?: number | null;
};
export type OpenFoodFactsItem = {
    /** Barcode as text, leading zeros kept; answers repeat it. */
    code?: string | null;
    /** Not looked at. */
    product_name?: string | null;
    /** Tags or names, in a list or separated by commas. Without a known one there is no official grade. */
    categories_tags?: string[] | string | null;
    /** The same, where `categories_tags` is absent. */
    categories?: string[] | string | null;
    /** Food groups of Open Food Facts; they say less than categories. */
    food_groups_tags?: string[] | string | null;
    /** The same, where `food_groups_tags` is absent. */
    food_groups?: string[] | string | null;
    /** The same by older names, where both are absent. */
    pnns_groups_2?: string[] | string | null;
    /** how many non-nutritive sweeteners it has; above 0 counts for beverages */
    with_non_nutritive_sweeteners?: number | null;
    /** kJ */
    energy_100g?: number | null;
    /** kJ, where `energy_100g` is absent */
    "energy-kj_100g"?: number | null;
    /** kcal; makes the kJ where they are absent */
    "energy-kcal_100g"?: number | null;
    /** g */
    fat_100g?: number | null;
    /** g */
    "saturated-fat_100g"?: number | null;
    /** g */
    carbohydrates_100g?: number | null;
    /** g */
    sugars_100g?: number | null;
    /** g */
    fiber_100g?: number | null;
    /** g */
    proteins_100g?: number | null;
    /** g */
    salt_100g?: number | null;
    /** g; salt is 2.5 times as much, used where salt is absent */
    sodium_100g?: number | null;
    /** % of fruit, vegetables and legumes */
    "fruits-vegetables-legumes_100g"?: number | null;
    /** % of fruit, vegetables and legumes, estimated */
    "fruits-vegetables-legumes-estimate-from-ingredients_100g"?: number | null;
    /** % of fruit, vegetables and nuts, as before 2023; used where no newer share is given */
    "fruits-vegetables-nuts_100g"?: number | null;
    /** % of fruit, vegetables and nuts, as before 2023; used where no newer share is given */
    "fruits-vegetables-nuts-estimate_100g"?: number | null;
    /** % of fruit, vegetables and nuts, as before 2023; used where no newer share is given */
    "fruits-vegetables-nuts-estimate-from-ingredients_100g"?: number | null;
    /** % vol */
    alcohol_100g?: number | null;
    /** g */
    starch_100g?: number | null;
    /** g */
    polyols_100g?: number | null;
    /** g */
    erythritol_100g?: number | null;
    /** g */
    fructose_100g?: number | null;
    /** g */
    glucose_100g?: number | null;
    /** g */
    maltose_100g?: number | null;
    /** g */
    lactose_100g?: number | null;
    /** g */
    sucrose_100g?: number | null;
    /** g */
    "soluble-fiber_100g"?: number | null;
    /** g */
    "insoluble-fiber_100g"?: number | null;
};
export type Item = PlainItem | OpenFoodFactsItem;
export type GradeRequest = PlainItem | OpenFoodFactsItem | Item[];
export type Grade = "a" | "b" | "c" | "d" | "e";
export type OfficialGrade = {
    grade: Grade;
    /** Unfavourable points less favourable ones. */
    score: number;
    status: "final" | "provisional";
    /** Whose tables of points apply, by the category. */
    kind: "food" | "beverage" | "water" | "fat" | "cheese" | "redMeat";
    points: {
        energy: number;
        sugars: number;
        saturatedFat: number;
        salt: number;
        sweeteners: number;
        fruitShare: number;
        fibre: number;
        proteins: number;
    };
    /** Whether the points of protein are subtracted. */
    proteinCounted: boolean;
    proteinReason: string;
};
export type Contribution = {
    /** What the model sees, such as `sugars`. */
    feature: string;
    /** In words, such as `sugars 32 g: pushes toward E`. */
    text: string;
    /** Null where it is not known. */
    value: number | null;
    toward: Grade;
    /** Of all that the features do, by the size of what each does. */
    share: number;
    logOdds: {
        /** What it adds to the grade’s log-odds, less the mean of the five. */
        a: number;
        /** What it adds to the grade’s log-odds, less the mean of the five. */
        b: number;
        /** What it adds to the grade’s log-odds, less the mean of the five. */
        c: number;
        /** What it adds to the grade’s log-odds, less the mean of the five. */
        d: number;
        /** What it adds to the grade’s log-odds, less the mean of the five. */
        e: number;
    };
};
export type GradedItem = {
    outcome: "graded";
    /** As it was sent. */
    code?: string;
    grade: Grade;
    /** Whether the grade is the published rules’ own or the model’s. */
    source: "official" | "model";
    /** Null where the rules give none: no known category, or a needed input is absent. */
    official: OfficialGrade | null;
    model: {
        grade: Grade;
        probabilities: {
            /** Rounded to four decimals. */
            a: number;
            /** Rounded to four decimals. */
            b: number;
            /** Rounded to four decimals. */
            c: number;
            /** Rounded to four decimals. */
            d: number;
            /** Rounded to four decimals. */
            e: number;
        };
    };
    /** Codes of docs/rejects-and-warnings.md. */
    warnings: string[];
    modelVersion: string;
    /** With `?explain=true`: why the model says so, the strongest reason first. */
    contributions?: Contribution[];
};
export type RejectReason = {
    /** Of docs/rejects-and-warnings.md. */
    code: string;
    detail: string;
};
export type RejectedItem = {
    outcome: "rejected";
    /** As it was sent. */
    code?: string;
    reasons: RejectReason[];
    values: object;
};
export type ItemFault = {
    /** JSON pointer into the item; empty for the item itself. */
    at: string;
    problem: string;
};
export type InvalidItem = {
    outcome: "invalid";
    faults: ItemFault[];
};
export type ItemOutcome = GradedItem | RejectedItem | InvalidItem;
export type GradeListResponse = {
    /** In the order of the list. */
    items: ItemOutcome[];
    /** The one that all of them are graded with. */
    modelVersion: string;
};
export type ProblemDocument = {
    /** `urn:nutrisage:problem:` and the code. */
    "type": string;
    title: string;
    status: number;
    /** Of docs/errors.md. */
    code: string;
    /** What is wrong here, and what to do. */
    detail: string;
    /** By which the log tells of this request. */
    requestId?: string;
    /** With `invalid-item`. */
    faults?: ItemFault[];
    /** With `item-rejected`. */
    reasons?: RejectReason[];
    values?: object;
};
export type Grading = {
    job: string;
    /** When the job was submitted. */
    gradedFor: string;
    rowNumber: number;
    grade: Grade;
    /** Whether the grade is the published rules’ own or the model’s. */
    source: "official" | "model";
    official: {
        grade: Grade;
        score: number;
        status: "final" | "provisional";
    } | null;
    model: {
        grade: Grade;
        probabilities: {
            /** Rounded to four decimals. */
            a: number;
            /** Rounded to four decimals. */
            b: number;
            /** Rounded to four decimals. */
            c: number;
            /** Rounded to four decimals. */
            d: number;
            /** Rounded to four decimals. */
            e: number;
        };
    };
    warnings: string[];
    modelVersion: string;
};
export type GradingsResponse = {
    code: string;
    latest: Grading;
    /** Newest first. */
    earlier: Grading[];
};
export type JobStatus = {
    job: string;
    state: "planning" | "running" | "succeeded" | "partly failed" | "failed";
    origin: "inbox" | "submission";
    submittedAt: string;
    closedAt?: string;
    files: number;
    /** Absent until the job is planned. */
    rows?: number;
    rowsFinished: number;
    rowsRejected: number;
    shards?: number;
    shardsFinished: number;
    modelVersion: string;
    /** The published Nutri-Score rules: 2023, or 2017/2021. */
    rules: "2023" | "2021";
    failure?: {
        /** Stable kebab-case code; see docs/errors.md. */
        code: string;
        /** What happened, naming the thing and the cause. */
        message: string;
        /** What to do about it. */
        remedy: string;
    };
};
export type Liveness = {
    status: "live";
};
export type Readiness = {
    status: "ready" | "not ready";
    reason?: string;
    modelVersion?: string;
    /** Whether the model can be asked why. */
    explains?: boolean;
    /** The published Nutri-Score rules: 2023, or 2017/2021. */
    rules: "2023" | "2021";
};
/**
 * Grade one item, or a list of them
 */
export function grade(gradeRequest: GradeRequest, { explain }: {
    explain?: boolean;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: GradedItem | GradeListResponse;
    } | {
        status: 400;
        data: ProblemDocument;
    } | {
        status: 401;
        data: ProblemDocument;
    } | {
        status: 405;
        data: ProblemDocument;
    } | {
        status: 408;
        data: ProblemDocument;
    } | {
        status: 409;
        data: ProblemDocument;
    } | {
        status: 413;
        data: ProblemDocument;
    } | {
        status: 415;
        data: ProblemDocument;
    } | {
        status: 421;
        data: ProblemDocument;
    } | {
        status: 422;
        data: ProblemDocument;
    } | {
        status: 429;
        data: ProblemDocument;
    } | {
        status: 431;
        data: ProblemDocument;
    } | {
        status: 500;
        data: ProblemDocument;
    } | {
        status: 503;
        data: ProblemDocument;
    }>(`/grade${QS.query(QS.explode({
        explain
    }))}`, oazapfts.json({
        ...opts,
        method: "POST",
        body: gradeRequest
    }));
}
/**
 * The latest grade of a product, with those before it
 */
export function gradingsOf(code: string, { limit }: {
    limit?: number;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: GradingsResponse;
    } | {
        status: 400;
        data: ProblemDocument;
    } | {
        status: 401;
        data: ProblemDocument;
    } | {
        status: 404;
        data: ProblemDocument;
    } | {
        status: 405;
        data: ProblemDocument;
    } | {
        status: 408;
        data: ProblemDocument;
    } | {
        status: 421;
        data: ProblemDocument;
    } | {
        status: 429;
        data: ProblemDocument;
    } | {
        status: 431;
        data: ProblemDocument;
    } | {
        status: 500;
        data: ProblemDocument;
    } | {
        status: 503;
        data: ProblemDocument;
    }>(`/grades/${encodeURIComponent(code)}${QS.query(QS.explode({
        limit
    }))}`, {
        ...opts
    });
}
/**
 * How a job stands
 */
export function jobStatus(job: string, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: JobStatus;
    } | {
        status: 400;
        data: ProblemDocument;
    } | {
        status: 401;
        data: ProblemDocument;
    } | {
        status: 404;
        data: ProblemDocument;
    } | {
        status: 405;
        data: ProblemDocument;
    } | {
        status: 408;
        data: ProblemDocument;
    } | {
        status: 421;
        data: ProblemDocument;
    } | {
        status: 429;
        data: ProblemDocument;
    } | {
        status: 431;
        data: ProblemDocument;
    } | {
        status: 500;
        data: ProblemDocument;
    } | {
        status: 503;
        data: ProblemDocument;
    }>(`/jobs/${encodeURIComponent(job)}`, {
        ...opts
    });
}
/**
 * Whether the process answers
 */
export function isLive(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Liveness;
    } | {
        status: 400;
        data: ProblemDocument;
    } | {
        status: 405;
        data: ProblemDocument;
    } | {
        status: 408;
        data: ProblemDocument;
    } | {
        status: 421;
        data: ProblemDocument;
    } | {
        status: 431;
        data: ProblemDocument;
    } | {
        status: 500;
        data: ProblemDocument;
    }>("/health/live", {
        ...opts
    });
}
/**
 * Whether requests may be sent here
 */
export function isReady(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Readiness;
    } | {
        status: 400;
        data: ProblemDocument;
    } | {
        status: 405;
        data: ProblemDocument;
    } | {
        status: 408;
        data: ProblemDocument;
    } | {
        status: 421;
        data: ProblemDocument;
    } | {
        status: 431;
        data: ProblemDocument;
    } | {
        status: 500;
        data: ProblemDocument;
    } | {
        status: 503;
        data: Readiness;
    }>("/health/ready", {
        ...opts
    });
}
/**
 * What was counted, for Prometheus
 */
export function metrics(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: string;
    } | {
        status: 400;
        data: ProblemDocument;
    } | {
        status: 401;
        data: ProblemDocument;
    } | {
        status: 405;
        data: ProblemDocument;
    } | {
        status: 408;
        data: ProblemDocument;
    } | {
        status: 421;
        data: ProblemDocument;
    } | {
        status: 431;
        data: ProblemDocument;
    } | {
        status: 500;
        data: ProblemDocument;
    }>("/metrics", {
        ...opts
    });
}
/**
 * This document
 */
export function openApi(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: object;
    } | {
        status: 400;
        data: ProblemDocument;
    } | {
        status: 405;
        data: ProblemDocument;
    } | {
        status: 408;
        data: ProblemDocument;
    } | {
        status: 421;
        data: ProblemDocument;
    } | {
        status: 431;
        data: ProblemDocument;
    } | {
        status: 500;
        data: ProblemDocument;
    }>("/openapi.json", {
        ...opts
    });
}
/**
 * This document as a page
 */
export function docs(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: string;
    } | {
        status: 400;
        data: ProblemDocument;
    } | {
        status: 405;
        data: ProblemDocument;
    } | {
        status: 408;
        data: ProblemDocument;
    } | {
        status: 421;
        data: ProblemDocument;
    } | {
        status: 431;
        data: ProblemDocument;
    } | {
        status: 500;
        data: ProblemDocument;
    }>("/docs", {
        ...opts
    });
}
