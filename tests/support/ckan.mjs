// The actions of CKAN's API, asked as its clients ask them.
import assert from 'node:assert/strict';

/** `action(name, …)` answers {status, text, json}. `done`: its result, where all is well; `refused`: with that status and text. */
export const judged = action => ({
  done: async (...args) => {
    const answer = await action(...args);
    assert.equal(answer.status, 200, `${args[0]}: ${answer.text}`);
    return answer.json.result;
  },
  refused: async (status, pattern, ...args) => {
    const answer = await action(...args);
    assert.equal(answer.status, status, `${args[0]}: ${answer.text}`);
    assert.match(answer.text, pattern);
  },
});

/** {action, done, refused} of `world`'s demo. `own` gives the token of what names none; `token: null` asks without one. */
export function ckan(world, own = () => null) {
  const action = async (name, body = {}, {token = own(), at = 'valdehermoso.localhost'} = {}) => {
    const answer = await world.demo.request(`/api/3/action/${name}`, {host: at, method: 'POST', headers: {'Content-Type': 'application/json', ...(token && {Authorization: token})}, body: JSON.stringify(body)});
    return {...answer, json: JSON.parse(answer.text)};
  };
  return {action, ...judged(action)};
}
