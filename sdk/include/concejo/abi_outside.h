/* concejo/abi_outside.h - a part of abi.h, which includes it: what leaves the municipality. The rules stand there. */
#ifndef CONCEJO_ABI_OUTSIDE_H
#define CONCEJO_ABI_OUTSIDE_H

/* ---- http_client/1 -------------------------------------------------------------------------------- */
typedef struct concejo_http_client_1 {
    uint32_t size;
    /* Asks a server that the municipality's `salida` lists; refused (INVALID) inside an open transaction.
     * {"method":"GET","url","headers":[["name","value"],…],"seconds":30,"connect_seconds":10,"max_bytes":8388608,
     *  "redirects":5,"retries":2,"cache":false,"to_file":false}; `body` goes as it is.
     * `head` gets {"status","url","headers":[["name","value"],…],"bytes","sha256","from_cache","file"}:
     * "file" is the path of the body where "to_file" was asked for, and lives as long as the call; otherwise
     * the body goes to `content`. Every status is an answer; no answer is UNAVAILABLE, what may not be asked
     * FORBIDDEN. [call] */
    concejo_status (*send)(concejo_call*, concejo_str request, concejo_str body, concejo_sink head,
                           void* head_context, concejo_sink content, void* content_context);
} concejo_http_client_1;

/* ---- outbox/1 ------------------------------------------------------------------------------------- */
typedef struct concejo_effect concejo_effect; /* an attempt to deliver one; host owned */
typedef concejo_status (*concejo_effect_handler)(void* context, concejo_call*, concejo_str effect,
                                                 concejo_effect*);
typedef struct concejo_outbox_1 {
    uint32_t size;
    /* {"kind","label":msgid,"deduplicates":false,"unknown":"ask|retry|assume_done|reconcile","max_attempts":10}.
     * `deduplicates`: the other side knows the key again, so that an unknown outcome is simply repeated; if
     * not, `unknown` says what becomes of an effect that was sent and whose answer was lost. `deliver` gets
     * {"id","kind","key","payload","attempt","created_at"}, outside any transaction; OK means delivered,
     * INVALID (before sending() or after not_done()) that it never will be, anything else that it is tried
     * again. `reconcile` (for "reconcile", else NULL) gets the same and answers
     * {"outcome":"done|not_done|unknown"}. [start] */
    concejo_status (*handler)(const concejo_host*, concejo_str declaration, concejo_effect_handler deliver,
                              concejo_provider reconcile, void* context);
    /* {"kind","payload":{…},"key","order","at":unix|0}: delivered at least once if `tx` commits, and not
     * before. Of two with one key the first is kept. Those of one `order` go in the order of their commits.
     * The sink gets
     * {"id","key","fresh":bool}. [call] */
    concejo_status (*send)(concejo_tx*, concejo_str effect, concejo_sink, void*);
    /* To be said right before the first byte that the other side could act on; durable when it returns.
     * [call] */
    concejo_status (*sending)(concejo_effect*);
    /* The other side has said that it did nothing. [call] */
    void (*not_done)(concejo_effect*);
    /* What the other side answered, kept with the effect and shown to the staff. [call] */
    void (*note)(concejo_effect*, concejo_str text);
    /* {"state":"waiting|sending|delivered|unknown|dead","attempts","note","error"}; NOT_FOUND where there is
     * none with this key. [call] */
    concejo_status (*state)(concejo_call*, concejo_str kind, concejo_str key, concejo_sink, void*);
} concejo_outbox_1;

/* ---- mail/1 --------------------------------------------------------------------------------------- */
typedef struct concejo_mail_1 {
    uint32_t size;
    /* Queued in `tx`, sent after its commit at least once, always with the same Message-ID.
     * {"to":["a@b.es"|"Ana <a@b.es>"],"cc":[…],"reply_to","subject","text","html","language",
     *  "template":"plugin/correo/aviso","html_template","view":{…},"attachments":[{"blob","name","media_type"}],
     *  "key","at":unix|0,"unsubscribe":"https://…","forget":bool}: with "template" the text is that
     * template's, rendered as plain text in "language" (default: the call's); its first line is the subject where "subject" is not given. "unsubscribe":
     * what ends these mails by one POST (RFC 8058). "forget": whom it went to is not kept; states name
     * recipients "1", "2"… in their order, and a refusal is for nobody to look at. The sink gets
     * {"key","message_id","recipients","fresh":bool}. [call] */
    concejo_status (*send)(concejo_call*, concejo_tx*, concejo_str message, concejo_sink, void*);
    /* What is known of each recipient:
     * [{"recipient","state":"queued|sent|refused|delayed|bounced|delivered","detail", "changed_at"}]. [call]
     */
    concejo_status (*state)(concejo_call*, concejo_str key, concejo_sink, void*);
} concejo_mail_1;

#endif
