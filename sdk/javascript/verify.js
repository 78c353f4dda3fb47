// A second, small implementation of certificate verification: see ../vectors/README.md. Node's own crypto, no dependencies.
import { createHash } from "node:crypto";
import { Refusal, UNKNOWN_KEY, kidOf, malformed, object, publicKey, verified } from "./jws.js";

const DAY = 86400, TOLERANCE = 48 * 3600;
const WARNINGS = ["licence.expired_in_grace", "licence.clock_tampered", "licence.lease_ended", "licence.suspended_payment",
  "licence.suspended_by_vendor", "licence.trial_ends_soon", "licence.ends_soon", "version.end_of_life", "version.end_of_life_soon", "support.expired", "support.ends_soon"];

export class KeyRing {
  constructor(pinned) {
    this.keys = new Map(pinned.map((jwk) => [jwk.kid ?? kidOf(jwk.x), publicKey(jwk.x)]));
    this.until = new Map();
  }

  key = (kid) => {
    if (!this.keys.has(kid)) throw new Refusal(UNKNOWN_KEY, kid);
    return this.keys.get(kid);
  };

  // Nothing may be signed after a key's time; what comes in new (`now`) neither by the clock.
  lookAtTime(kid, iat, now) {
    const until = this.until.get(kid);
    if (until !== undefined && (iat > until || (now !== undefined && now > until))) throw new Refusal(UNKNOWN_KEY, "its time is over");
  }

  learn(announcements) {
    let waiting = announcements, before;
    do {
      before = waiting.length;
      waiting = waiting.filter((text) => {
        try {
          this.#learn(text);
          return false;
        } catch (refusal) {
          return refusal.code === UNKNOWN_KEY; // perhaps another announcement brings its key
        }
      });
    } while (waiting.length && waiting.length < before);
  }

  #learn(text) {
    const { claims, kid } = verified(text, "podpora-key+jwt", this.key);
    const { jwk, iat, old_key_until: until } = claims;
    if (jwk?.kty !== "OKP" || jwk.crv !== "Ed25519" || !whole(iat) || !whole(until) || claims.replaces !== kid) malformed("announcement");
    this.lookAtTime(kid, iat);
    const key = publicKey(jwk.x);
    if (claims.sub !== kidOf(jwk.x) || jwk.kid !== claims.sub) malformed("kid is not the thumbprint");
    if (!this.keys.has(claims.sub)) this.keys.set(claims.sub, key);
    this.until.set(kid, Math.min(until, this.until.get(kid) ?? until));
  }
}

const whole = (value) => Number.isSafeInteger(value) && value >= 0;
const isText = (value) => typeof value === "string";
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isDay = (value) => isText(value) && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString().startsWith(value);
const isDayOrNull = (value) => value === null || isDay(value);

// The parts' canonical JSON: members sorted, no spaces, other than ASCII as \uXXXX.
export function deviceHash(parts) {
  const text = `{${Object.keys(parts).sort().map((name) => `${JSON.stringify(name)}:${JSON.stringify(parts[name])}`).join(",")}}`;
  const ascii = text.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return createHash("sha256").update(ascii).digest("base64url");
}

export function sameDevice(given, known, match = 2) {
  const equal = Object.keys(given).filter((name) => given[name] === known[name]).length;
  const shared = Object.keys(given).filter((name) => name in known).length;
  const most = Math.max(Object.keys(given).length, Object.keys(known).length);
  return equal >= Math.max(1, Math.min(match, most), Math.ceil(shared / 2));
}

// Form, signature, key and its time. `now` is given for what comes in new.
export function readCertificate(text, ring, now) {
  const { claims, kid } = verified(text, "podpora-licence+jwt", ring.key);
  const { run, fingerprint } = claims;
  const needs = {
    texts: ["iss", "sub", "jti", "activation", "product", "edition", "kind", "device"].every((n) => isText(claims[n]) && claims[n]),
    numbers: ["iat", "exp", "serial", "seats", "refresh_after", "server_time"].every((n) => whole(claims[n])),
    holder: isText(claims.holder) && isText(claims.nonce ?? ""),
    run: isObject(run) && typeof run.all === "boolean" && (run.through_major === null || whole(run.through_major)) &&
      isDayOrNull(run.until) && isDayOrNull(run.updates_until ?? null),
    support: isDayOrNull(claims.support_through),
    features: isObject(claims.features),
    notices: Array.isArray(claims.notices) && claims.notices.every(isText),
    cnf: !("cnf" in claims) || isKey(claims.cnf),
    fingerprint: isObject(fingerprint) && whole(fingerprint.match) && fingerprint.match >= 1 && isObject(fingerprint.parts) &&
      Object.keys(fingerprint.parts).length > 0 && Object.values(fingerprint.parts).every(isText),
  };
  for (const [name, holds] of Object.entries(needs)) if (!holds) malformed(name);
  if (claims.exp <= claims.iat) malformed("the lease ends before it begins");
  if (claims.device !== deviceHash(fingerprint.parts)) malformed("device is not the hash of the parts");
  ring.lookAtTime(kid, claims.iat, now);
  return claims;
}

const isKey = (cnf) => isObject(cnf) && isObject(cnf.jwk) && cnf.jwk.kty === "OKP" && cnf.jwk.crv === "Ed25519" && Boolean(publicKey(cnf.jwk.x));

// Is it for this program and this device, and not older than what is there? `c`: product, issuer, fingerprint, device_key, held, ended.
export function belongs(claims, c) {
  if (claims.product !== c.product || (c.issuer && claims.iss !== c.issuer)) throw new Refusal("licence.product_mismatch", "");
  if (!sameDevice(c.fingerprint, claims.fingerprint.parts, claims.fingerprint.match)) throw new Refusal("licence.wrong_device", "");
  if ("cnf" in claims && claims.cnf.jwk.x !== c.device_key) throw new Refusal("licence.wrong_device", "");
  const older = c.held && (c.held.activation === claims.activation ? claims.serial < c.held.serial : claims.iat < c.held.issued_at);
  if (older || claims.serial <= (c.ended?.[claims.activation] ?? -1)) throw new Refusal("licence.stale_serial", "");
}

const today = (now) => new Date((now - DAY / 2) * 1000).toISOString().slice(0, 10);

// May it run? First hit decides. `c`: now, mark, version, released_on, strict_lease.
export function decide(claims, c) {
  const mark = Math.max(c.mark ?? 0, claims.iat, claims.server_time);
  const now = Math.max(c.now, mark), { run } = claims;
  const warns = new Set(claims.notices.filter((code) => WARNINGS.includes(code)));
  if (c.now < mark - TOLERANCE) warns.add("licence.clock_tampered");
  if (now > claims.exp) warns.add("licence.lease_ended");
  if (claims.support_through && today(now) > claims.support_through) warns.add("support.expired");
  if (warns.has("support.expired")) warns.delete("support.ends_soon");
  const warnings = WARNINGS.filter((code) => warns.has(code));
  const covered = run.all || (run.through_major !== null && parseInt(c.version, 10) <= run.through_major) ||
    Boolean(run.updates_until && c.released_on && c.released_on <= run.updates_until);
  const inGrace = claims.notices.includes("licence.expired_in_grace") && now <= claims.exp;
  let no = "";
  if (!covered) no = "version.not_covered";
  else if (run.until && today(now) > run.until && !inGrace) no = "licence.expired";
  else if (now > claims.exp && (run.until || c.strict_lease)) no = "licence.lease_ended";
  const code = no || warnings[0] || "licence.valid";
  return { may_run: !no, code, warnings: warnings.filter((warning) => warning !== code) };
}

export function readSettings(text, ring, now) {
  const { claims, kid } = verified(text, "podpora-settings+jwt", ring.key, 1048576);
  const entries = isObject(claims.values) ? Object.values(claims.values) : malformed("values");
  if (!entries.every((e) => isObject(e) && "value" in e && ["forced", "default", "initial"].includes(e.mode))) malformed("values");
  if (![claims.org, claims.device].every((t) => isText(t) && t) || ![claims.revision, claims.iat, claims.exp].every(whole)) malformed("claims");
  ring.lookAtTime(kid, claims.iat, now);
  return claims;
}

// A file for devices without a network; what is in it is not trusted yet.
export function readFile(text) {
  const refuse = () => { throw new Refusal("offline.not_readable", "it is not a certificate file"); };
  let found;
  try { found = object(Buffer.from(text), "file"); } catch { refuse(); }
  if (found.podpora !== "offline" || found.v !== 1) refuse();
  const lists = ["certificates", "settings", "releases", "announcements"].map((name) => found[name] ?? []);
  if (!lists.every((list) => Array.isArray(list) && list.every(isText)) || !lists[0].length) refuse();
  return { certificates: lists[0], settings: lists[1], releases: lists[2], announcements: lists[3] };
}
