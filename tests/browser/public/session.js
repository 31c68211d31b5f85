const SESSION_MS = 5 * 60 * 1000;

const cached = JSON.parse(localStorage.getItem("dreamcore_session_cache"));

/** Who is signed in, null without a session that is young enough. */
export const session =
  cached !== null && Date.now() - cached.timestamp < SESSION_MS ? cached.session : null;

/** `fetch` with the session's token, if there is one. */
export function authFetch(address, { headers, ...options } = {}) {
  const authorization = session && { authorization: `Bearer ${session.access_token}` };
  return fetch(address, { ...options, headers: { ...headers, ...authorization } });
}

/** The object that an answer holds. Throws what a refusal says. */
export async function answerOf(reply) {
  const answer = await reply.json();
  if (!reply.ok) throw new Error(answer.error);
  return answer;
}
