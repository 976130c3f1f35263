/* concejo/abi.h - the binary boundary between the kernel and its plugins.
 *
 * Plain C99. Everything that crosses from one shared object to the other is declared here; the C++ API
 * (concejo/plugin.hpp) is compiled into each plugin with the plugin's own compiler and library.
 *
 * Rules
 *  - Tables and structs begin with `size` and only ever grow at the end; an incompatible change is a new
 *    revision ("db/2") offered beside the old one.
 *  - Text is UTF-8, a borrowed pointer and length, valid for the duration of the call it is passed to.
 *    Results go out through a sink that the receiver passes; nobody frees what the other side allocated.
 *  - No exception may leave a function. A function that fails returns a status; the side that failed has
 *    first left its text with the host (set_error), where the other side reads it (last_error).
 *  - Structured data crosses as JSON text.
 *  - Thread tags: [start] only inside the plugin's start(); [any] any thread, concurrently;
 *    [call] only on the thread that was given the concejo_call, until the handler returns. */
#ifndef CONCEJO_ABI_H
#define CONCEJO_ABI_H

#include <stddef.h>
#include <stdint.h>

#define CONCEJO_ABI_MAJOR 0 /* 0 = draft: frozen as 1.0 once four plugins of different kinds stand on it */
#ifndef CONCEJO_ABI_MINOR
#define CONCEJO_ABI_MINOR 1
#endif
#define CONCEJO_ABI_PLATFORM "x86_64-linux-lp64"
#define CONCEJO_ENTRY_SYMBOL "concejo_plugin_entry"
#define CONCEJO_NOTE_SECTION ".note.concejo.plugin"
#define CONCEJO_NOTE_NAME "Concejo" /* 8 bytes with its NUL */
#define CONCEJO_NOTE_TYPE 0x434f4e43u

#ifdef __cplusplus
extern "C" {
#endif

typedef struct concejo_str {
    const char* data; /* may be NULL when size is 0 */
    size_t size;
} concejo_str;

typedef int32_t concejo_status;
enum {
    CONCEJO_OK = 0,
    CONCEJO_INVALID = 1,     /* 400 */
    CONCEJO_NOT_FOUND = 2,   /* 404 */
    CONCEJO_FORBIDDEN = 3,   /* 403 */
    CONCEJO_CONFLICT = 4,    /* 409 */
    CONCEJO_UNAVAILABLE = 5, /* 503 */
    CONCEJO_INTERNAL = 6     /* 500 */
};

/* Receives a result; called zero or more times before the function returns. */
typedef void (*concejo_sink)(void* context, concejo_str piece);
/* Gives the next piece of a stream; size 0 ends it. The piece stays valid until the next call. */
typedef concejo_status (*concejo_source)(void* context, concejo_str* piece);

/* Flat and pointer free: read from the file's ELF note before any code of the plugin runs. */
typedef struct concejo_descriptor {
    char magic[8];      /* "CONCEJO" */
    uint32_t size;      /* of this struct */
    uint16_t abi_major; /* must equal the kernel's */
    uint16_t abi_minor; /* the oldest kernel minor that will do */
    char platform[32];  /* CONCEJO_ABI_PLATFORM */
    char toolchain[64]; /* informative */
    char id[64];        /* equals the folder's name; reverse domain for third parties */
    char version[32];
    char requires_[256]; /* "http/1 db/1 evidence:1": the kernel's name/revision, plugins' name:revision */
    char optional[256];  /* the same, used when present */
    char provides[256];  /* "evidence:1" */
} concejo_descriptor;

typedef struct concejo_host concejo_host;   /* the kernel, as one plugin sees it */
typedef struct concejo_call concejo_call;   /* on whose behalf: tenant, language, identity, deadline */
typedef struct concejo_reply concejo_reply; /* the answer being built; host owned */
typedef struct concejo_tx concejo_tx;       /* an open transaction of the tenant; host owned */
typedef struct concejo_rows concejo_rows;   /* a result set; host owned until rows_free */
typedef struct concejo_cli concejo_cli;     /* a terminal; host owned */
typedef struct concejo_job concejo_job;     /* a running job; host owned */

struct concejo_host {
    uint32_t size;
    uint16_t abi_major, abi_minor;
    /* A service table by name and revision ("db/1"), or NULL. [any] */
    const void* (*service)(const concejo_host*, concejo_str name);
    /* Leaves the text of the error about to be returned by this thread. [any] */
    void (*set_error)(const concejo_host*, concejo_str text);
    /* The text of the last call that failed on this thread. [any] */
    void (*last_error)(const concejo_host*, concejo_sink, void* context);
};

typedef struct concejo_plugin {
    uint32_t size;
    const concejo_descriptor* descriptor; /* also keeps it from --gc-sections */
    /* Registers everything the plugin offers; the kernel serves nothing of it before it returns OK. */
    concejo_status (*start)(void** instance, const concejo_host*); /* main thread */
    void (*stop)(void* instance);                                  /* main thread, after the last call */
} concejo_plugin;

/* ---- log/1 ---------------------------------------------------------------------------------------- */
enum { CONCEJO_DEBUG = 0, CONCEJO_INFO = 1, CONCEJO_WARNING = 2, CONCEJO_ERROR = 3 };
typedef struct concejo_log_1 {
    uint32_t size;
    /* `call` may be NULL; `fields` is a JSON object or empty. [any] */
    void (*write)(const concejo_host*, concejo_call*, int32_t level, concejo_str text, concejo_str fields);
} concejo_log_1;

/* ---- http/1 --------------------------------------------------------------------------------------- */
enum {
    CONCEJO_ROUTE_PUBLIC = 0, /* /{lang}{pattern}: a page for everybody */
    CONCEJO_ROUTE_STAFF = 1,  /* /{lang}/gestion{pattern}: session and `permission` needed */
    CONCEJO_ROUTE_API = 2,    /* /api{pattern}: token with `permission` as scope, or open when it is empty */
    CONCEJO_ROUTE_BARE = 3    /* {pattern} itself: what a standard or a permanent URL fixes */
};
enum {
    /* multipart, files streamed to disk; where an API is open, without the body of those who do not sign */
    CONCEJO_ROUTE_UPLOADS = 1,
    CONCEJO_ROUTE_CACHED = 2, /* GET of an anonymous visitor may be cached until the tenant's pages change */
    CONCEJO_ROUTE_LENIENT = 4 /* an open API route: a token that is no good is nobody's, and not refused */
};
enum {
    CONCEJO_FROM_PATH = 0,
    CONCEJO_FROM_QUERY = 1,
    CONCEJO_FROM_FORM = 2,
    CONCEJO_FROM_FIELD = 3,
    CONCEJO_FROM_COOKIE = 4
};

typedef struct concejo_route {
    uint32_t size;
    int32_t kind;
    uint32_t flags;
    concejo_str method;     /* GET answers HEAD too */
    concejo_str pattern;    /* "/tablon/:id"; ":name" is one segment, a last "*" the rest */
    concejo_str permission; /* staff: a permission; api: a scope; else empty */
    uint64_t body_limit;    /* bytes; 0 = the installation's default */
} concejo_route;

typedef struct concejo_request {
    uint32_t size;
    concejo_str method, path, body, language; /* path without host, decoded, with its language prefix */
} concejo_request;

typedef struct concejo_upload {
    uint32_t size;
    concejo_str field, filename, media_type, path, sha256; /* path: a file that lives as long as the call */
    uint64_t bytes;
} concejo_upload;

typedef concejo_status (*concejo_http_handler)(void* context, concejo_call*, const concejo_request*,
                                               concejo_reply*);

typedef struct concejo_http_1 {
    uint32_t size;
    /* Two routes that match the same path are refused, naming both plugins. [start] */
    concejo_status (*route)(const concejo_host*, const concejo_route*, concejo_http_handler, void* context);
    /* The n-th value of that name, CONCEJO_NOT_FOUND past the last. [call] */
    concejo_status (*parameter)(concejo_call*, int32_t source, concejo_str name, uint32_t n, concejo_sink,
                                void*);
    /* The n-th uploaded file. [call] */
    concejo_status (*upload)(concejo_call*, uint32_t n, concejo_upload*);
    /* Replies. [call] */
    void (*reply_status)(concejo_reply*, int32_t code);
    concejo_status (*reply_field)(concejo_reply*, concejo_str name, concejo_str value);
    void (*reply_body)(concejo_reply*, concejo_str media_type, concejo_str body);
    /* Sends a stored blob with Range and ETag; `filename` may hold any character. [call] */
    concejo_status (*reply_blob)(concejo_call*, concejo_reply*, concejo_str blob, concejo_str media_type,
                                 concejo_str filename, int32_t attachment);
    /* The page may be cached no longer than this instant (Unix seconds), because time alone changes it.
     * [call] */
    void (*reply_valid_until)(concejo_reply*, int64_t unix_seconds);
    /* The n-th value of the query or the form, in the order in which they came, with its name; NOT_FOUND past
     * the last, INVALID for any other source. [call] */
    concejo_status (*parameter_at)(concejo_call*, int32_t source, uint32_t n, concejo_sink name, void*,
                                   concejo_sink value, void*);
} concejo_http_1;

/* ---- pages/1 -------------------------------------------------------------------------------------- */
typedef concejo_status (*concejo_provider)(void* context, concejo_call*, concejo_str argument, concejo_sink,
                                           void*);

typedef struct concejo_pages_1 {
    uint32_t size;
    /* Renders "plugin/template" with a JSON object as view, inside the theme's layout, as the reply. [call]
     */
    concejo_status (*render)(concejo_call*, concejo_reply*, concejo_str template_name, concejo_str view);
    /* The same, as text and without replying. [call] */
    concejo_status (*render_text)(concejo_call*, concejo_str template_name, concejo_str view, concejo_sink,
                                  void*);
    /* {"place":"main|footer|legal|staff|top","label":msgid,"path":"/tablon","order":10,"permission":"",
     * "group":msgid (footer),"icon":name of a Tabler icon (staff)}. [start] */
    concejo_status (*menu)(const concejo_host*, concejo_str entry);
    /* Blocks of a place ("home"): the provider answers {"template":…,"view":{…}} or nothing. [start] */
    concejo_status (*block)(const concejo_host*, concejo_str place, int32_t order, concejo_provider,
                            void* context);
    /* All blocks of a place, rendered: [{"html":…,"plugin":…}]. [call] */
    concejo_status (*blocks)(concejo_call*, concejo_str place, concejo_sink, void*);
    /* Search: the provider is asked {"q":…,"limit":n} and answers
     * [{"title","href","summary","kind","date","lang","rank"}]. [start] */
    concejo_status (*searchable)(const concejo_host*, concejo_provider, void* context);
    concejo_status (*search)(concejo_call*, concejo_str query, uint32_t limit, concejo_sink,
                             void*); /* [call] */
    /* Site map: the provider is asked {"limit":n} (0: everything; n: what is newest, for people) and answers
     * [{"path":"/tablon/x","modified":"AAAA-MM-DD","title":…,"lang":…}]. [start] */
    concejo_status (*site_map)(const concejo_host*, concejo_provider, void* context);
    /* The address of a path: in the call's language; absolute on the canonical host when asked. [call] */
    concejo_status (*url)(concejo_call*, concejo_str path, int32_t absolute, concejo_sink, void*);
    /* Drops the tenant's cached pages when the transaction commits. [call] */
    concejo_status (*changed)(concejo_call*, concejo_tx*);
} concejo_pages_1;

/* ---- db/1 ----------------------------------------------------------------------------------------- */
typedef struct concejo_param {
    concejo_str text;
    int32_t is_null;
} concejo_param;

typedef struct concejo_db_1 {
    uint32_t size;
    /* A transaction in the tenant's schema. Inside a call made within a transaction, a part of that one.
     * [call] */
    concejo_status (*begin)(concejo_call*, concejo_tx**);
    concejo_status (*commit)(concejo_tx*); /* frees it, whatever it answers. [call] */
    void (*rollback)(concejo_tx*);         /* frees it. [call] */
    /* One statement; $1… are the parameters; nothing else gets into the text. [call] */
    concejo_status (*exec)(concejo_tx*, concejo_str sql, const concejo_param*, uint32_t count,
                           concejo_rows**);
    uint64_t (*rows_size)(const concejo_rows*);
    uint32_t (*rows_columns)(const concejo_rows*);
    uint64_t (*rows_affected)(const concejo_rows*);
    /* Borrowed until rows_free; *is_null tells NULL from empty. */
    concejo_str (*rows_value)(const concejo_rows*, uint64_t row, uint32_t column, int32_t* is_null);
    concejo_str (*rows_name)(const concejo_rows*, uint32_t column);
    void (*rows_free)(concejo_rows*);
    concejo_status (*copy_in)(concejo_tx*, concejo_str sql, concejo_source,
                              void* context); /* COPY … FROM STDIN */
    concejo_status (*copy_out)(concejo_tx*, concejo_str sql, concejo_sink,
                               void* context); /* COPY … TO STDOUT */
} concejo_db_1;

/* ---- config/1 ------------------------------------------------------------------------------------- */
typedef struct concejo_config_1 {
    uint32_t size;
    /* The plugin's validated settings for the call's municipality, defaults applied: a JSON object. [call] */
    concejo_status (*settings)(concejo_call*, concejo_sink, void*);
    /* {"slug","id","name","place","url","languages":[…],"default_language","time_zone","mode","sends_mail",…}. [call] */
    concejo_status (*municipality)(concejo_call*, concejo_sink, void*);
} concejo_config_1;

/* ---- i18n/1 --------------------------------------------------------------------------------------- */
enum { CONCEJO_SHORT = 0, CONCEJO_MEDIUM = 1, CONCEJO_LONG = 2, CONCEJO_FULL = 3 };
typedef struct concejo_i18n_1 {
    uint32_t size;
    concejo_status (*translate)(concejo_call*, concejo_str msgid, concejo_sink, void*);
    concejo_status (*plural)(concejo_call*, concejo_str one, concejo_str many, int64_t n, concejo_sink,
                             void*);
    concejo_status (*date)(concejo_call*, concejo_str iso_date, int32_t style, concejo_sink,
                           void*); /* AAAA-MM-DD */
    /* In the municipality's zone; time_style -1 leaves the time out. */
    concejo_status (*instant)(concejo_call*, int64_t unix_seconds, int32_t date_style, int32_t time_style,
                              concejo_sink, void*);
    concejo_status (*number)(concejo_call*, double value, int32_t decimals, concejo_sink, void*);
    concejo_status (*money)(concejo_call*, int64_t cents, concejo_sink, void*);
    concejo_status (*today)(concejo_call*, concejo_sink, void*); /* AAAA-MM-DD in the municipality's zone */
} concejo_i18n_1;

/* ---- cli/1 ---------------------------------------------------------------------------------------- */
typedef concejo_status (*concejo_command)(void* context, concejo_call*, concejo_str arguments, concejo_cli*);
typedef struct concejo_cli_1 {
    uint32_t size;
    /* {"verb","help","options":[{"name","help","required":bool,"flag":bool}],"words" and "files":
     * [{"name","help"}],"hidden":bool}: `concejo <plugin> <verb> --tenant T …`; the handler gets {"option":"text",…,
     * "json":bool}. "hidden" keeps the verb out of --help; `help` is a msgid. Files must exist. [start] */
    concejo_status (*command)(const concejo_host*, concejo_str declaration, concejo_command, void* context);
    void (*out)(concejo_cli*, concejo_str text);
    void (*err)(concejo_cli*, concejo_str text);
    void (*progress)(concejo_cli*, uint64_t done, uint64_t total, concejo_str message);
    void (*exit_code)(concejo_cli*, int32_t code);  /* 1: the answer is no; 2: wrong use */
    void (*write)(concejo_cli*, concejo_str bytes); /* to the standard output, as they are */
} concejo_cli_1;

/* ---- bus/1 ---------------------------------------------------------------------------------------- */
typedef concejo_status (*concejo_responder)(void* context, concejo_call*, concejo_str method,
                                            concejo_str json, concejo_sink, void*);
typedef struct concejo_bus_1 {
    uint32_t size;
    /* Offers "evidence:1", which the descriptor's `provides` must name. [start] */
    concejo_status (*provide)(const concejo_host*, concejo_str service, concejo_responder, void* context);
    /* Asks; `tx` (may be NULL) makes the answer's database work a part of that transaction. [call] */
    concejo_status (*call)(concejo_call*, concejo_tx*, concejo_str service, concejo_str method,
                           concejo_str json, concejo_sink, void*);
    /* After the commit of `tx`, at least once, to every subscriber that is active for the tenant. [call] */
    concejo_status (*publish)(concejo_tx*, concejo_str event, concejo_str json);
    /* The handler gets {"id","event","data"}; `id` serves to deduplicate. [start] */
    concejo_status (*subscribe)(const concejo_host*, concejo_str event, concejo_provider, void* context);
} concejo_bus_1;

/* ---- blobs/1 -------------------------------------------------------------------------------------- */
typedef struct concejo_blobs_1 {
    uint32_t size;
    /* Each answers the blob's id, its sha-256 in hexadecimal; the row is part of `tx`. [call] */
    concejo_status (*put_file)(concejo_call*, concejo_tx*, concejo_str path, concejo_str media_type,
                               concejo_sink, void*);
    concejo_status (*put)(concejo_call*, concejo_tx*, concejo_str media_type, concejo_source, void* source,
                          concejo_sink, void*);
    concejo_status (*stat)(concejo_call*, concejo_str id,
                           uint64_t* bytes); /* NOT_FOUND in another municipality */
    concejo_status (*read)(concejo_call*, concejo_str id, uint64_t offset, uint64_t length, concejo_sink,
                           void*);
    /* Uses of a content are counted for each plugin: every put_file, put, keep and take_upload is one, every
     * remove takes one back. What nobody uses any more is deleted a day later. [call] */
    concejo_status (*keep)(concejo_call*, concejo_tx*, concejo_str id);   /* NOT_FOUND where it is not */
    concejo_status (*remove)(concejo_call*, concejo_tx*, concejo_str id); /* NOT_FOUND without a use */
    /* {"id","bytes","media_type"} of what is registered, or has been in `tx`. [call] */
    concejo_status (*describe)(concejo_call*, concejo_tx*, concejo_str id, concejo_sink, void*);
    /* A finished resumable upload of whoever is asking becomes the plugin's when `tx` commits:
     * {"id","bytes","media_type","filename"}. NOT_FOUND for another's or an expired one, CONFLICT for an
     * unfinished one. The filename is the client's: any characters. [call] */
    concejo_status (*take_upload)(concejo_call*, concejo_tx*, concejo_str upload, concejo_sink, void*);
    /* put_file of this path follows in this call: it is copied meanwhile, and must stay as it is. [call] */
    concejo_status (*expect_file)(concejo_call*, concejo_str path);
} concejo_blobs_1;

/* ---- process/1 ------------------------------------------------------------------------------------ */
typedef concejo_status (*concejo_progress)(void* context, uint64_t done, uint64_t total, concejo_str message);
typedef struct concejo_process_1 {
    uint32_t size;
    /* {"argv":["pdfinfo","{in}"],"files":{"in":{"path":…}|{"blob":…}},"stdin":text,"seconds":10,"memory_mb":512,
     *  "output_limit":1048576,"output_file":path that stdout goes to,"file_mb":256, the largest it may write} ->
     * {"exit":0,"signal":0,"timed_out":false,"truncated":false,"stdout","stderr"}. [call] */
    concejo_status (*run)(concejo_call*, concejo_str spec, concejo_sink, void*);
    /* As run(), heard meanwhile: it writes lines of up to 1024 bytes on $CONCEJO_PROGRESS_FD ("{progress}" in
     * argv), "done total[ message]", or key=value as `ffmpeg -progress pipe:{progress}` (done: out_time_us).
     * "progress_total" in the spec: where it tells none. "progress_ignored" counts other lines. `told`, on this
     * thread: the newest (total 0: unknown), once a second at least, 5 times at most; failing, it kills. [call] */
    concejo_status (*run_watched)(concejo_call*, concejo_str spec, concejo_progress told, void* told_context,
                                  concejo_sink, void*);
} concejo_process_1;

/* ---- jobs/1 --------------------------------------------------------------------------------------- */
typedef concejo_status (*concejo_job_handler)(void* context, concejo_call*, concejo_str payload,
                                              concejo_job*);
typedef struct concejo_jobs_1 {
    uint32_t size;
    /* What runs jobs of this kind; begin() inside it joins the transaction that marks the job done. [start]
     */
    concejo_status (*handler)(const concejo_host*, concejo_str kind, concejo_job_handler, void* context);
    /* {"kind","every_seconds":60}, {"kind","cron":"0 3 * * *"} or {"kind","rrule":"FREQ=MONTHLY;BYDAY=1MO",
     * "start":"2026-01-05T03:00"} (RFC 5545), on the clock of each municipality with the module. Where the
     * clocks change a time of the day comes once, what comes every hour or minute goes on with the time that
     * passes. However many times it was missed, it runs once; not at all where it is more than "late_s" late.
     * Also "priority". [start] */
    concejo_status (*schedule)(const concejo_host*, concejo_str schedule);
    /* {"kind","payload":{…},"run_at":unix|0,"unique":"key"|"","priority":0,"max_attempts":n}; larger
     * priorities first; while one of that key waits or runs no other is queued; runs only if `tx` commits.
     * [call] */
    concejo_status (*enqueue)(concejo_tx*, concejo_str job);
    void (*progress)(concejo_job*, uint64_t done, uint64_t total, concejo_str message);
    /* As handler(), and how its jobs are tried: {"kind","label":"for people","max_attempts":8,"backoff_s":5,
     * "backoff_factor":2,"backoff_most_s":3600,"batch":1}. With a batch above 1 up to so many jobs of one
     * municipality are run together, in one transaction, and the payload is an array [{"id",
     * "idempotency_key","attempt","payload"}]; a batch that fails is undone and its jobs run one by one.
     * [start] */
    concejo_status (*handler_with)(const concejo_host*, concejo_str options, concejo_job_handler,
                                   void* context);
    /* 1: somebody cancelled it, or another worker took it over. What it does will not be committed: return
     * soon. [call] */
    int32_t (*cancelled)(concejo_job*);
    /* {"id","attempt","max_attempts","idempotency_key"}; the key is the same in every attempt, for what is
     * done outside the database. Of a batch: of its first job. [call] */
    concejo_status (*about)(concejo_job*, concejo_sink, void*);
    /* {"kind","unique"}: the plugin's own jobs of that key that wait leave the queue, those that run are told,
     * if `tx` commits. [call] */
    concejo_status (*cancel)(concejo_tx*, concejo_str which);
    /* The newest of {"kind","unique"}: {"id","state":"waiting|running|done|dead|cancelled|discarded",
     * "attempts","done","total","message","error"}; nothing where there is none. [call] */
    concejo_status (*find)(concejo_tx*, concejo_str which, concejo_sink, void*);
} concejo_jobs_1;

#include "abi_audit.h"    /* audit/1: who did what */
#include "abi_identity.h" /* identity/1: who asks, what he may, tokens that tokens make */
#include "abi_metrics.h"  /* metrics/1: figures for operators */
#include "abi_outside.h"  /* http_client/1, outbox/1 and mail/1: what leaves the municipality */
#include "abi_tables.h"   /* tables/1: tables whose columns are data */

#ifdef __cplusplus
}
#endif
#endif
