/* concejo/abi_metrics.h - a part of abi.h, which includes it: figures for whoever runs the platform. The rules stand
 * there. */
#ifndef CONCEJO_ABI_METRICS_H
#define CONCEJO_ABI_METRICS_H

/* ---- metrics/1 ------------------------------------------------------------------------------------ */
typedef struct concejo_metric concejo_metric;               /* a declared name; host owned, never freed */
typedef struct concejo_metric_series concejo_metric_series; /* one series of it; host owned, never freed */
typedef struct concejo_metrics_1 {
    uint32_t size;
    /* {"name":"mensajes_total","kind":"counter|gauge|histogram","help":"one line, for operators","labels":["tema"],
     * "buckets":[0.1,1,10]}: exposed as concejo_plugin_<id>_<name>, dots and hyphens of the id as '_', with the
     * labels `tenant` (of the call) and `plugin` before the declared ones. Names and labels are [a-z][a-z0-9_]*;
     * a counter's name ends in "_total", and no other's does; base units (seconds, bytes). At most four labels,
     * and sixteen rising buckets, for histograms alone. INVALID says what is wrong. [start] */
    concejo_status (*declare)(const concejo_host*, concejo_str declaration, const concejo_metric** metric);
    /* The series with these values of the declared labels, in their order: UTF-8 of at most 48 bytes without
     * control characters; INVALID otherwise. Kinds of things, never people or free text: each plugin has a bounded
     * number of series, and what comes after them is counted together, under "otros". It stays good as long as the
     * process; `call` may be NULL: of no municipality. [any] */
    concejo_status (*series)(const concejo_host*, concejo_call*, const concejo_metric*,
                             const concejo_str* values, uint32_t count, const concejo_metric_series** series);
    /* One atomic add in memory that all workers share. Counters take whole numbers from 0 on (anything else is
     * left out), gauges any. [any] */
    void (*add)(const concejo_metric_series*, double amount);
    void (*set)(const concejo_metric_series*, double value);     /* gauges: the last one holds. [any] */
    void (*observe)(const concejo_metric_series*, double value); /* histograms. [any] */
} concejo_metrics_1;

#endif
