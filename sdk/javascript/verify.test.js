// The same vectors as the Python SDK's.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { verifiedByOwnKey, verified, malformed, Refusal } from "./jws.js";
import { KeyRing, belongs, decide, deviceHash, readCertificate, readFile, readSettings, sameDevice } from "./verify.js";

const load = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf-8"));

function cases(file, run) {
  const { defaults, cases } = load(file);
  for (const one of cases) {
    test(`${file}: ${one.name}`, () => {
      let found;
      try {
        found = { accepted: true, code: "ok", ...run({ ...defaults, ...one }) };
      } catch (refusal) {
        if (!(refusal instanceof Refusal)) throw refusal;
        found = { accepted: false, code: refusal.code };
      }
      assert.deepEqual(found, one.expected);
    });
  }
}

function ringOf(c) {
  const ring = new KeyRing(c.pinned);
  ring.learn(c.announcements);
  return ring;
}

function taken(text, c, ring) {
  const claims = readCertificate(text, ring, c.now);
  belongs(claims, c);
  return claims;
}

cases("certificates.json", (c) => decide(taken(c.certificate, c, ringOf(c)), c));

cases("offline-files.json", (c) => {
  const file = readFile(c.file), ring = ringOf({ ...c, announcements: file.announcements });
  const refusals = [];
  for (const text of file.certificates) {
    try {
      taken(text, c, ring);
      return {};
    } catch (refusal) {
      refusals.push(refusal);
    }
  }
  throw refusals.find((refusal) => refusal.code !== "licence.wrong_device") ?? refusals[0];
});

cases("settings.json", (c) => {
  const claims = readSettings(c.bundle, ringOf(c), c.now);
  if (claims.device !== deviceHash(c.fingerprint) || (c.organisation && c.organisation !== claims.org))
    throw new Refusal("settings.wrong_device", "");
  const { held } = c;
  if (held && (claims.revision < held.revision || (claims.revision === held.revision && claims.iat < held.issued_at)))
    throw new Refusal("settings.stale_revision", "");
  return { released: c.now > claims.exp };
});

cases("device-signed.json", (c) => { verifiedByOwnKey(c.text, c.typ); });

cases("possession.json", (c) => {
  try {
    const digest = (text) => createHash("sha256").update(text).digest("base64url");
    const claims = verifiedByOwnKey(c.proof, "podpora-possession+jwt");
    const { jwk } = JSON.parse(Buffer.from(c.proof.split(".")[0], "base64url"));
    const right = Object.keys(claims).sort().join() === "body,call,iat,token,v" && claims.v === 1 && jwk.x === c.device_key &&
      claims.call === c.call && claims.token === digest(c.token) && claims.body === digest(c.body);
    if (!right) malformed("not this call");
    if (Math.abs(c.now - claims.iat) > 300) throw new Refusal("licence.device_proof_old", "");
  } catch (refusal) {
    throw refusal.code === "licence.device_proof_old" ? refusal : new Refusal("licence.device_key_needed", "");
  }
});

cases("releases.json", (c) => {
  const { claims } = verified(c.manifest, "podpora-release+jwt", ringOf(c).key, 1048576);
  if (claims.product !== c.product) throw new Refusal("licence.product_mismatch", "");
  if (!claims.files.every((file) => file.url.startsWith("https://") && /^[0-9a-f]{64}$/i.test(file.sha256))) malformed("files");
  if (c.held_serial !== null && claims.serial < c.held_serial) throw new Refusal("release.stale", "");
});

test("fingerprints", () => {
  const { sets, pairs } = load("fingerprints.json");
  for (const one of sets) assert.equal(deviceHash(one.parts), one.device);
  for (const one of pairs) assert.equal(sameDevice(one.given, one.known, one.match), one.same);
});

for (const [file, member, read] of [["certificates.json", "certificate", readCertificate], ["settings.json", "bundle", readSettings]])
test(`every changed bit of a ${member} is refused`, () => {
  const { defaults, cases: all } = load(file);
  const text = all.find((one) => one.name === "valid")[member], ring = ringOf(defaults);
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 7; bit++) {
      const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);
      assert.throws(() => read(changed, ring, defaults.now), Refusal);
    }
  }
});
