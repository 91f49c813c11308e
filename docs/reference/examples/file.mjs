// File a petition, read it again with its secret, and ask for a list that is asked for often.
// Runs in Node 18 or newer, and in a page: what anybody may read is open to every origin (CORS).
const CITY = `${globalThis.process?.env.CITY ?? "https://city.example"}/api/v1`;
// A random word of this device: it scopes Idempotency-Key, and the rate limits count by it.
const TOKEN = globalThis.process?.env.TOKEN ?? crypto.randomUUID();

/** Waits as long as it is told to when there were too many; refusals are RFC 9457 problems. */
async function call(path, options = {}) {
  for (;;) {
    const answer = await fetch(CITY + path, options);
    if (answer.status === 429) {
      const seconds = Number(answer.headers.get("Retry-After"));
      await new Promise((done) => setTimeout(done, seconds * 1000));
    } else if (answer.ok || answer.status === 304) {
      return answer;
    } else {
      const problem = await answer.json();
      throw new Error(`${problem.title} ${JSON.stringify(problem.fields ?? {})}`);
    }
  }
}

// The same key with the same body is answered once, however often the network makes you send it.
const filed = await call("/petitions", {
  method: "POST",
  headers: {
    "Content-Type": "application/json",
    "Accept-Language": "vi",
    "X-Client-Token": TOKEN,
    "Idempotency-Key": crypto.randomUUID(),
  },
  body: JSON.stringify({
    text: "Mặt đường trước cổng trường có một hố sâu, xe máy dễ ngã.",
    point: { lon: 105.81, lat: 20.99 },
    contact: { phone: "0900000000" },
  }),
});
const receipt = await filed.json();
console.log("filed", receipt.number, "-", receipt.unit.name);

const secret = { "X-Petition-Secret": receipt.secret };
const petition = await (await call(`/petitions/${receipt.number}`, { headers: secret })).json();
console.log("read", petition.number);

// Ask again with the ETag: 304 and no body while nothing has changed.
const first = await call("/services");
console.log((await first.json()).items.length, "kinds;", first.headers.get("RateLimit") ?? "no limit");
const again = await call("/services", { headers: { "If-None-Match": first.headers.get("ETag") } });
console.log("services:", again.status);
