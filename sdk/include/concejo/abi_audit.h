/* concejo/abi_audit.h - a part of abi.h, which includes it: the record of who did what. The rules stand there. */
#ifndef CONCEJO_ABI_AUDIT_H
#define CONCEJO_ABI_AUDIT_H

/* ---- audit/1 -------------------------------------------------------------------------------------- */
typedef struct concejo_audit_1 {
    uint32_t size;
    /* Who and when are the call's. `tx` NULL writes at once; details is a JSON object or empty. [call] */
    concejo_status (*record)(concejo_call*, concejo_tx*, concejo_str action, concejo_str object,
                             concejo_str result, concejo_str details);
    /* {"action":"es.riomar.buzon.cerrar","label":msgid}: what people read for an action that record() names. It begins
     * with the plugin's id and a dot; INVALID otherwise, and where it is declared twice. With "automated":msgid it is
     * one that the municipality performs without a person (Ley 40/2015, art. 41): its design, who answers for it and
     * what data it learns from, as the sede publishes it (RD 203/2021, art. 11.1.i). Such a one need not be recorded.
     * [start] */
    concejo_status (*action)(const concejo_host*, concejo_str declaration);
    /* The automated ones of the municipality's modules, in the call's language and the order of their declaration:
     * [{"action","label","description"}]. [call] */
    concejo_status (*automated)(concejo_call*, concejo_sink, void*);
} concejo_audit_1;

#endif
