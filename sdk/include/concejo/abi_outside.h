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


#endif
