// The globals of test pages; see `pages/*.mjs`.

declare const ownprint: any;
declare const codecs: (...names: string[]) => any[];
declare const player: () => any;
declare const core: any;
declare const violations: string[];
declare const blobOf: typeof import("./pages/helpers.mjs").blobOf;
declare const bytesOf: typeof import("./pages/helpers.mjs").bytesOf;
declare const outcome: (work: () => unknown) => Promise<any>;
declare const fingerprintEach: (urls: string[], options: object, ofClient?: object) => Promise<any[]>;
declare const wordsOf: typeof import("./pages/helpers.mjs").wordsOf;
declare const abortAndGoOn: (work: (client: any, reason: Error) => Promise<unknown>) => Promise<any>;
declare const windowsFound: typeof import("./support/residue.mjs").windowsFound;
