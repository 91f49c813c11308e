/** One stream per browser, not per tab: six open streams would lock an HTTP/1.1 site. */
import { Link, type Wish } from "./link";

interface Ask {
  kind: "join" | "leave" | "alive";
  grants: string;
  token: string;
  wish: Wish;
}

const scope = self as unknown as { onconnect: (event: MessageEvent) => void };
const heard = new Map<MessagePort, number>();
let link: Link | null = null;

scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  port.onmessage = (message: MessageEvent<Ask>) => {
    const { kind, grants, token, wish } = message.data;
    heard.set(port, Date.now());
    if (kind === "alive") return;
    if (kind === "leave") {
      heard.delete(port);
      link?.leave(port);
      return;
    }
    link ??= new Link(grants, token);
    link.token = token;
    link.join(port, wish, (news) => port.postMessage(news));
  };
};

// A port does not say that its tab has died; a tab that is silent for two minutes is gone.
setInterval(() => {
  for (const [port, at] of heard) {
    if (Date.now() - at > 120_000) {
      heard.delete(port);
      link?.leave(port);
    }
  }
}, 30_000);
