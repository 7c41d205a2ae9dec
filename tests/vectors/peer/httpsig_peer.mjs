// RFC 9421 spoken with an independent implementation (npm http-message-signatures): it signs and we
// verify, we sign and it verifies; with every key kind of the wire, and never once altered.
// Usage: node httpsig_peer.mjs <folder with node_modules> <our driver>
import { createHash, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, driver] = process.argv.slice(2);
const { httpbis } = createRequire(join(folder, "package.json"))("http-message-signatures");

const fields = ["@method", "@authority", "@path", "content-type", "content-digest"];
const order = ["created", "expires", "nonce", "keyid", "alg", "tag"];
const digestOf = (body) => `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
const keyid = createHash("sha256").update("peer").digest("base64url");

const kinds = {
	rsa: (() => {
		const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		return {
			alg: "rsa-v1_5-sha256",
			sign: async (data) => sign("sha256", data, privateKey),
			verify: async (data, signature) => verify("sha256", data, publicKey, signature),
			ourPublic: Buffer.from(publicKey.export({ format: "jwk" }).n, "base64url"),
			ourPrivate: Buffer.from(privateKey.export({ type: "pkcs8", format: "pem" })),
		};
	})(),
	ed25519: (() => {
		const { privateKey, publicKey } = generateKeyPairSync("ed25519");
		const jwk = privateKey.export({ format: "jwk" });
		return {
			alg: "ed25519",
			sign: async (data) => sign(null, data, privateKey),
			verify: async (data, signature) => verify(null, data, publicKey, signature),
			ourPublic: Buffer.from(jwk.x, "base64url"),
			ourPrivate: Buffer.from(jwk.d, "base64url"),
		};
	})(),
};

let failures = 0;
let checks = 0;
function check(what, holds) {
	checks++;
	if (!holds)
		failures++;
	console.log(`${holds ? "ok" : "not ok"} httpsig_peer ${what}`);
}

function ours(lines, body) {
	const run = spawnSync(driver, { input: Buffer.concat([Buffer.from(lines.join("\n") + "\n"), body]) });
	return run.stdout.toString().trimEnd().split("\n");
}

function weVerify(kind, message, body) {
	const url = new URL(message.url);
	const h = message.headers;
	return ours(["verify", kind, kinds[kind].ourPublic.toString("base64"), message.method, url.host,
		url.pathname, h["content-type"], h["content-digest"], h["Signature-Input"], h.Signature], body)[0];
}

async function theySign(kind, body, params, path = "/v1/sincronizar") {
	const now = Math.floor(Date.now() / 1000) * 1000;
	return httpbis.signMessage({
		key: { id: keyid, alg: kinds[kind].alg, sign: kinds[kind].sign },
		name: "buzon", fields, params,
		paramValues: {
			created: new Date(now), expires: new Date(now + 300000),
			nonce: randomBytes(16).toString("base64url"), tag: "buzon-imss",
		},
	}, {
		method: "POST", url: `https://buzon.prueba:8443${path}`,
		headers: { "content-type": "application/json", "content-digest": digestOf(body) },
	});
}

async function theyVerify(kind, message) {
	const key = { id: keyid, algs: [kinds[kind].alg], verify: kinds[kind].verify };
	return httpbis.verifyMessage({ keyLookup: async () => key, requiredFields: fields, requiredParams: order }, message)
		.catch((e) => e.message);
}

function weSign(kind, body) {
	const now = Math.floor(Date.now() / 1000);
	const [outcome, digest, input, signature] = ours(["sign", kind,
		kinds[kind].ourPrivate.toString("base64"), "POST", "buzon.prueba:8443", "/v1/notificacion_abrir",
		"application/json", now, now + 86400], body);
	check(`${kind}, ${body.length} bytes: we sign (${outcome})`, outcome === "ok");
	return {
		method: "POST", url: "https://buzon.prueba:8443/v1/notificacion_abrir",
		headers: { "content-type": "application/json", "content-digest": digest,
			"signature-input": input, signature },
	};
}

const bodies = [Buffer.from('{"titular":"PEÑA8001019Q8","calidad":"propio"}'), Buffer.alloc(0), randomBytes(65536)];
for (const kind of Object.keys(kinds)) {
	for (const body of bodies) {
		const theirs = await theySign(kind, body, order);
		check(`${kind}, ${body.length} bytes: we verify theirs`, weVerify(kind, theirs, body) === "ok");
		check(`${kind}, ${body.length} bytes: any order of parameters`,
			weVerify(kind, await theySign(kind, body, [...order].reverse()), body) === "ok");
		check(`${kind}, ${body.length} bytes: another body`, weVerify(kind, theirs, Buffer.from("x")) === "huella-invalida");
		check(`${kind}, ${body.length} bytes: another path`, weVerify(kind,
			{ ...theirs, url: "https://buzon.prueba:8443/v1/acuse" }, body) === "firma-invalida");
		check(`${kind}, ${body.length} bytes: another authority`, weVerify(kind,
			{ ...theirs, url: "https://otro.prueba:8443/v1/sincronizar" }, body) === "firma-invalida");
		for (const left of order) {
			const less = await theySign(kind, body, order.filter((p) => p !== left));
			check(`${kind}, ${body.length} bytes: without ${left}`, weVerify(kind, less, body) === "solicitud-invalida");
		}

		const mine = weSign(kind, body);
		check(`${kind}, ${body.length} bytes: they verify ours`, (await theyVerify(kind, mine)) === true);
		check(`${kind}, ${body.length} bytes: our digest`, mine.headers["content-digest"] === digestOf(body));
		check(`${kind}, ${body.length} bytes: they refuse ours altered`,
			(await theyVerify(kind, { ...mine, method: "PUT" })) === false);
	}
}
console.log(`${checks - failures} of ${checks} checks passed with http-message-signatures`);
process.exit(failures === 0 && checks > 0 ? 0 : 1);
