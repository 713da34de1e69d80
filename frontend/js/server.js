// Talking with the server: the CSRF header on everything that writes, and its sentence when it refuses.
import { $, words } from "./dom.js";

export const csrfHeader = () => {
  const token = $("meta[name=csrf-token]")?.content;
  return token ? { "X-CSRFToken": token } : {};
};

/** The sentence of an error page, of a piece of one, or of a problem document (RFC 9457); a general one where there is none. */
export function sentenceOf(text, type = "") {
  if (type.includes("json")) {
    try {
      const problem = JSON.parse(text);
      return problem.detail || problem.message || problem.title || words("failed");
    } catch {
      return words("failed");
    }
  }
  if (type.includes("text/plain")) return text.trim() || words("failed");
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector("[data-error]")?.textContent.trim() || words("failed");
}

async function answerOf(request) {
  let response;
  try {
    response = await request;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(words("offline"));
  }
  if (!response.ok) throw new Error(sentenceOf(await response.text(), response.headers.get("Content-Type") ?? ""));
  return response;
}

export const get = (url, options = {}) =>
  answerOf(fetch(url, { headers: { Accept: "application/json, text/html", "HX-Request": "true" }, ...options }));

export const post = (url, body, options = {}) =>
  answerOf(fetch(url, { method: "POST", body, headers: { Accept: "application/json, text/html", "HX-Request": "true", ...csrfHeader() }, ...options }));
