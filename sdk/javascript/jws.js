// Compact JWS with Ed25519, read strictly: see ../vectors/README.md, "The form".
import { createPublicKey, createHash, verify } from "node:crypto";

export const MALFORMED = "licence.certificate_malformed";
export const SIGNATURE = "licence.signature_invalid";
export const UNKNOWN_KEY = "licence.unknown_key";

export class Refusal extends Error {
  constructor(code, why) {
    super(`${code}: ${why}`);
    this.code = code;
  }
}

export const malformed = (why) => { throw new Refusal(MALFORMED, why); };

export function decoded(text, where) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) malformed(`${where} is not base64url`);
  const raw = Buffer.from(text, "base64url");
  if (raw.toString("base64url") !== text) malformed(`${where} is not canonical`);
  return raw;
}

// JSON.parse keeps the last of two equal members and rounds big numbers: so the text is read again, by hand, before it is believed.
export function object(raw, where) {
  let text, value;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
    value = JSON.parse(text);
  } catch {
    malformed(`${where} is not JSON`);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) malformed(`${where} is not an object`);
  once(text, where);
  look(value, where, 0);
  return value;
}

// The text is valid JSON here, so a small scanner is enough to find a member that stands twice in one object.
function once(text, where) {
  const open = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "{") open.push(new Set());
    else if (text[at] === "[") open.push(null);
    else if (text[at] === "}" || text[at] === "]") open.pop();
    else if (text[at] === '"') {
      const begin = at++;
      while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
      if (!/^\s*:/.test(text.slice(at + 1, at + 50))) continue;
      const name = JSON.parse(text.slice(begin, at + 1));
      if (open.at(-1).has(name)) malformed(`${where} has a member twice`);
      open.at(-1).add(name);
    }
  }
}

function look(value, where, depth) {
  if (depth > 20) malformed(`${where} is nested too deeply`);
  if (typeof value === "string" && /\p{Surrogate}/u.test(value)) malformed(`${where} has half a character`);
  if (typeof value === "number" && Math.abs(value) >= 2 ** 53) malformed(`${where} has a number that is too big`);
  if (value && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) {
      look(name, where, depth + 1);
      look(inner, where, depth + 1);
    }
  }
}

export function publicKey(x) {
  if (typeof x !== "string" || decoded(x, "x").length !== 32) malformed("x is not a key");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

export const kidOf = (x) =>
  createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest("base64url").slice(0, 16);

function parsed(text, longest) {
  if (typeof text !== "string" || text.length > longest) malformed("it is too long");
  const parts = text.split(".");
  if (parts.length !== 3) malformed("it has not three parts");
  const header = object(decoded(parts[0], "header"), "header");
  return { header, payload: decoded(parts[1], "payload"), signature: decoded(parts[2], "signature"), signed: `${parts[0]}.${parts[1]}` };
}

function checked(part, typ, members, keyFor) {
  const { header } = part;
  if (Object.keys(header).sort().join() !== members) malformed("the header has other members");
  if (typeof header.alg !== "string" || typeof header.typ !== "string") malformed("alg or typ is not a text");
  if (header.alg !== "EdDSA") throw new Refusal(SIGNATURE, "alg is not EdDSA");
  if (header.typ !== typ) malformed(`typ is not ${typ}`);
  const key = keyFor(header);
  if (part.signature.length !== 64 || !verify(null, Buffer.from(part.signed), key, part.signature))
    throw new Refusal(SIGNATURE, "the signature does not hold");
  return object(part.payload, "payload");
}

// The claims of what the vendor signed; `keyFor(kid)` gives a trusted key or throws.
export function verified(text, typ, keyFor, longest = 65536) {
  const part = parsed(text, longest);
  const claims = checked(part, typ, "alg,kid,typ", ({ kid }) => {
    if (typeof kid !== "string") malformed("kid is not a text");
    return keyFor(kid);
  });
  return { claims, kid: part.header.kid };
}

// The claims of what a device signed with the key in its own header.
export function verifiedByOwnKey(text, typ) {
  return checked(parsed(text, 65536), typ, "alg,jwk,typ", ({ jwk }) => {
    if (!jwk || Object.keys(jwk).sort().join() !== "crv,kty,x" || jwk.kty !== "OKP" || jwk.crv !== "Ed25519") malformed("jwk");
    return publicKey(jwk.x);
  });
}
