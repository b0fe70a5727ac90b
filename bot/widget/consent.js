// What a visitor is told, and agrees to, before anything that they write leaves the page.

import { button, element, icon, ICONS } from "./dom.js";

export function consent(words, privacy, memory, { agreed, declined }) {
  const heading = element("h3", { tabIndex: -1 }, words.consent_heading);
  const emergency = element("p", { className: "danger" }, icon(ICONS.alert));
  emergency.append(
    words.tel_emergency
      ? element("a", { href: `tel:${words.tel_emergency}` }, words.consent_emergency)
      : words.consent_emergency,
  );
  const about = element("p", {}, words.consent_privacy);
  const address = privacyAddress(privacy);
  if (address) {
    const hint = element("span", { className: "hidden" }, ` ${words.opens}`);
    about.append(" ", element("a", { href: address, target: "_blank", rel: "noopener" }, words.consent_link, hint));
  }
  about.hidden = !about.textContent.trim();
  const remember = element("input", { type: "checkbox", id: "remember", "aria-describedby": "shared" });
  const choice = element(
    "div",
    { className: "remember", hidden: !memory.canRemember },
    remember,
    element("label", { for: "remember" }, words.consent_remember),
    element("small", { id: "shared" }, words.consent_remember_hint),
  );
  const agree = () => {
    memory.remembers = remember.checked;
    memory.write("consent", new Date().toISOString());
    agreed();
  };
  const node = element(
    "div",
    { className: "consent", part: "consent" },
    heading,
    element("p", {}, words.consent_assistant),
    emergency,
    about,
    choice,
    button(words.consent_agree, agree, { className: "primary", part: "agree" }),
    button(words.consent_decline, declined, { className: "quiet" }),
  );
  return { node, heading };
}

// The page's own, as it says; only an address of the web.
function privacyAddress(given) {
  if (!given) return null;
  try {
    const url = new URL(given, document.baseURI);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
