/* concejo/abi_identity.h - a part of abi.h, which includes it: who asks. The rules stand there. */
#ifndef CONCEJO_ABI_IDENTITY_H
#define CONCEJO_ABI_IDENTITY_H

/* ---- identity/1 ----------------------------------------------------------------------------------- */
typedef struct concejo_identity_1 {
    uint32_t size;
    /* {"kind":"anonymous|staff|token|system","id","login","name","roles":[…],"scopes":[…]}. [call] */
    concejo_status (*who)(concejo_call*, concejo_sink, void*);
    int32_t (*may)(concejo_call*, concejo_str permission); /* [call] */
    /* {"id":"sede.publish","label":msgid}; every permission of a route must be declared. [start] */
    concejo_status (*permission)(const concejo_host*, concejo_str declaration);
    /* {"id":"secretaria","label":msgid,"permissions":["sede.publish",…]}; roles of one name add up. [start]
     */
    concejo_status (*role)(const concejo_host*, concejo_str declaration);
    /* Whoever asks by a token makes another: {"name","scopes":[…],"expires":unix|0} -> {"id","secret","expires"}; the
     * secret is told this once. Its scopes are among the maker's, it ends no later, and it is revoked with it. A token
     * that was made so makes none. FORBIDDEN else; CONFLICT past 100 that live. [call] */
    concejo_status (*make_token)(concejo_call*, concejo_tx*, concejo_str token, concejo_sink, void*);
    /* The token that asks and those that it made, where they live: [{"id","name","scopes":[…],"created":unix,
     * "used":unix|null,"expires":unix|null}], itself first, then the newest. FORBIDDEN to others. [call] */
    concejo_status (*list_tokens)(concejo_call*, concejo_tx*, concejo_sink, void*);
    /* One of those of list_tokens, by {"id"} or {"secret"}; NOT_FOUND for any other. [call] */
    concejo_status (*revoke_token)(concejo_call*, concejo_tx*, concejo_str which);
    /* What the tokens are called that have this scope, live, and were made by no other token: each name once, in order:
     * ["Autobuses","Museo"]. It is the "login" of who() for them and for those that they made. [call] */
    concejo_status (*token_names)(concejo_call*, concejo_tx*, concejo_str scope, concejo_sink, void*);
} concejo_identity_1;

#endif
