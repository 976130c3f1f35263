/* concejo/abi_tables.h - a part of abi.h, which includes it: tables whose columns are somebody's data. The
 * rules stand there. */
#ifndef CONCEJO_ABI_TABLES_H
#define CONCEJO_ABI_TABLES_H

/* ---- tables/1 -------------------------------------------------------------------------------------
 * What a plugin knows beforehand is in its migrations. These are for what it learns while it runs: one table
 * for each file of an open-data portal, say. They are made, changed and dropped in `tx`, and are there when
 * it commits. Names of tables and indexes are [a-z][a-z0-9_]*, of at most 56 bytes, and begin with the
 * plugin's id ('.' and '-' as '_') and
 * '_'; INVALID otherwise. Names of columns are any text of at most 63 bytes: quote them in statements. */

/* The values of one row, borrowed until it returns. */
typedef void (*concejo_row_sink)(void* context, const concejo_param* values, uint32_t count);

typedef struct concejo_tables_1 {
    uint32_t size;
    /* {"table","columns":[{"name","type","required":bool}]}; types: text, bigint, numeric, double precision,
     * boolean, date, time, timestamp, timestamptz, jsonb, tsvector. At most 1,500. [call] */
    concejo_status (*make)(concejo_call*, concejo_tx*, concejo_str table);
    /* {"table","add":[columns],"drop":[names],"key":[names],"index":[{"name","columns":[names],
     * "method":"btree|trigram|text","unique":bool}],"drop_index":[names],"analyze":bool}, each where it is
     * given and in this order; "trigram" is for text, "text" for tsvector, each of one column. [call] */
    concejo_status (*change)(concejo_call*, concejo_tx*, concejo_str change);
    /* With all that is in it; one that is not there is dropped already. [call] */
    concejo_status (*drop)(concejo_call*, concejo_tx*, concejo_str name);
    /* {"name","table","columns":[names],"while":{"table","column"}}: shows rows of such a table to `select`,
     * as long as the plugin's table `while` has its name in that column. It replaces what had the name and
     * goes with its table; what is described as before costs nothing. [call] */
    concejo_status (*view)(concejo_call*, concejo_tx*, concejo_str view);
    /* {"sql","rows":most,"milliseconds"}: one SELECT that a stranger wrote, run by a login of the
     * municipality's that can read its views and nothing else. `columns` gets [{"name","type"}] (pg_type's
     * names) before the first row. Check what it says all the same: a login may call any function that
     * everybody may. Not within a transaction. INVALID with the server's words where the statement is wrong.
     * [call] */
    concejo_status (*select)(concejo_call*, concejo_str query, concejo_sink columns, concejo_row_sink row,
                             void*);
} concejo_tables_1;

#endif
