// datastore_search_sql: SELECTs of strangers. The judge is PostgreSQL: what was read and what was written, and by a login that somebody got hold of.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {ckan} from '../../support/ckan.mjs';

/** Numbers that look random, and are the same each time. */
const dice = seed => () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32; };

/** Statements that want what they should not have: parts of attacks put together at random. */
function* hostile(count, {open, hidden, foreign, schemas}) {
  const random = dice(20_261_126), pick = list => list[Math.floor(random() * list.length)];
  const quote = name => `"${name}"`;
  const catalog = ['pg_user', 'pg_shadow', 'pg_authid', 'pg_class', 'pg_stat_activity', 'pg_settings', 'pg_largeobject', 'pg_file_settings', 'information_schema.tables', 'pg_catalog.pg_proc', 'concejo.tenants', 'concejo.readers', 'concejo.users', 'concejo.api_tokens', 'concejo.audit'];
  const tables = () => pick([quote(open), quote(open), quote(open), quote(hidden), quote(foreign), quote(open.toUpperCase()), ...catalog, ...schemas.map(one => `${one}.canario`), ...schemas.map(one => `${one}.open_data_dataset`), 'canario', 'open_data_t1', 'open_data_t2', `${schemas[0]}."${hidden}"`, `U&"\\0070g_user"`, `"pg_user"`, `pg_user*`, `only pg_shadow`, `TABLE pg_user`]);
  const functions = ['pg_sleep(5)', 'pg_read_file(\'/etc/passwd\')', 'pg_ls_dir(\'.\')', 'lo_create(0)', 'lo_from_bytea(0, \'x\')', 'lo_import(\'/etc/passwd\')', 'set_config(\'role\',\'concejo_owner\',false)', 'set_config(\'transaction_read_only\',\'off\',false)', 'current_setting(\'data_directory\')',
    'query_to_xml(\'select * from canario\',true,true,\'\')', 'database_to_xml(true,true,\'\')', 'table_to_xml(\'pg_user\',true,true,\'\')', 'dblink(\'\',\'select 1\')', 'pg_notify(\'a\',\'b\')', 'pg_advisory_lock(1)', 'pg_terminate_backend(1)', 'pg_reload_conf()', 'nextval(\'open_data_table_number\')', 'setval(\'open_data_table_number\',1)', 'txid_current()',
    'version()', 'inet_server_addr()', 'pg_backend_pid()', 'has_table_privilege(\'canario\',\'select\')', 'pg_catalog.pg_sleep(5)', 'PG_SLEEP(5)', '"pg_sleep"(5)', 'U&"pg\\005fsleep"(5)', 'pg_catalog."pg_sleep"(5)', 'repeat(\'x\',1000000000)', 'generate_series(1,1000000000)', 'concejo.make_reader_view(\'x\',\'{}\')', 'ext.fold(\'x\')', 'json_build_object(1,2)',
    'count(*)', 'max(n)', 'lower(\'A\')', 'to_char(1,\'9\')', 'row_to_json(t)', 'current_user', 'session_user', 'current_catalog', 'xmlparse(document \'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>\')'];
  const value = () => pick(['1', 'n', 'n', '*', 't.*', 't.n', 'count(*)', 'texto', 't', '\'x\'', '$$x$$', '$1', 'ARRAY[1]', 't.pg_sleep', 't.row_to_json', '\'canario\'::regclass', '\'canario\'::regclass::text', 'n::oid::regclass', '(t).n', 'ROW(1)', 'n OPERATOR(pg_catalog.+) 1', 'E\'\\x41\'', 'U&\'\\0041\'', 'current_user', 'tableoid', 'xmin', 'ctid', ...functions, `(SELECT * FROM ${tables()} LIMIT 1)`, `EXISTS (SELECT 1 FROM ${tables()})`, `(SELECT ${pick(functions)})`]);
  const where = () => pick(['', '', ' WHERE n = 1', ` WHERE ${pick(functions)} IS NULL`, ` WHERE n IN (SELECT 1 FROM ${tables()})`, ' WHERE 1=1 OR \'a\'=\'a\'', ` WHERE n = (SELECT count(*) FROM ${tables()})`]);
  const select = () => `SELECT ${value()}${pick(['', '', `, ${value()}`])} FROM ${tables()} t${pick(['', '', `, ${tables()} u`, ` JOIN ${tables()} u ON true`, `, LATERAL (SELECT * FROM ${tables()}) u`, ` CROSS JOIN ${pick(functions)} f`])}${where()}`;
  const write = () => pick([`DELETE FROM ${tables()}`, `INSERT INTO ${tables()} SELECT * FROM ${tables()}`, `UPDATE ${tables()} SET n = 0`, `TRUNCATE ${tables()}`, `DROP TABLE ${tables()}`, `CREATE TABLE robado AS SELECT * FROM ${tables()}`, `CREATE TEMP TABLE robado (a int)`, `COPY ${tables()} TO '/robado'`, `COPY (SELECT 1) TO PROGRAM 'id'`,
    'SET ROLE concejo_owner', 'RESET ROLE', 'SET SESSION AUTHORIZATION concejo_root', 'SET search_path = concejo', 'ALTER ROLE concejo_app SUPERUSER', `GRANT SELECT ON ${tables()} TO PUBLIC`, 'DO $$BEGIN PERFORM pg_sleep(9); END$$', 'CALL x()', 'LISTEN a', 'NOTIFY a', 'VACUUM', 'CHECKPOINT', 'LOCK TABLE canario', 'PREPARE p AS SELECT 1', 'BEGIN', 'COMMIT', 'ROLLBACK', 'CREATE EXTENSION dblink',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$', 'EXPLAIN ANALYZE DELETE FROM canario', 'CLOSE answer', 'FETCH ALL FROM answer', 'DECLARE c CURSOR FOR SELECT 1', `SELECT * INTO robado FROM ${tables()}`, `SELECT 1 FROM ${tables()} FOR UPDATE`]);
  const shapes = [select, select, select, select, write, write,
    () => `${select()}; ${write()}`, () => `${write()}; ${select()}`, () => `${select()} --\n; ${write()}`, () => `/* */ ${select()} /* ${write()} */`, () => `SELECT 1) TO STDOUT; ${write()}; --`, () => `${select()} UNION ALL ${select()}`,
    () => `WITH x AS (${pick([select, write])()} ${pick(['', 'RETURNING *'])}) SELECT * FROM ${pick(['x', tables()])}`, () => `WITH RECURSIVE x AS (SELECT 1 UNION ALL SELECT 1 FROM x) SELECT * FROM x, ${tables()}`, () => `WITH ${pick(['pg_user', 'canario', quote(hidden), 'x'])} AS (SELECT 1 AS n) SELECT * FROM ${tables()}`,
    () => `SELECT * FROM (WITH canario AS (SELECT 1) SELECT * FROM canario) a, canario`, () => `SELECT ${value()}`, () => `VALUES ((SELECT ${value()} FROM ${tables()} t))`, () => `TABLE ${tables()}`, () => `EXPLAIN ${select()}`, () => `SELECT 1 ORDER BY ${value()}`, () => `SELECT 1 LIMIT (SELECT ${value()} FROM ${tables()} t)`,
    () => `SELECT CASE WHEN EXISTS (${select()}) THEN ${value()} ELSE 1 END`, () => `SELECT count(*) OVER (ORDER BY (SELECT ${value()} FROM ${tables()} t)) FROM ${tables()} t`, () => `SELECT count(*) FILTER (WHERE ${value()} IS NULL) FROM ${tables()} t GROUP BY ${value()} HAVING ${value()} IS NULL`,
    () => { const text = select(); const at = Math.floor(random() * text.length); return text.slice(0, at) + pick(['\'', '"', ';', '--', '/*', '\\', '$$', '\n', '(', ')', '\u00a0', '\u2019', 'É']) + text.slice(at); },
    () => select().replaceAll(' ', () => pick([' ', '\n', '\t', '/**/', '--x\n', '  '])), () => [...select()].map(c => random() < 0.3 ? c.toUpperCase() : c).join('')];
  for (let i = 0; i < count; ++i) yield pick(shapes)();
}

export default function (world) {
  describe('statements of strangers', () => {
    const host = 'valdehermoso.localhost', other = 'riomar.localhost';
    const tokens = {}, restore = [], places = {};
    const canaries = /CANARIO-\w+/;
    let schemas;
    const {action, done} = ckan(world);
    const ask = sql => action('datastore_search_sql', {sql});
    const rows_of = async sql => (await done('datastore_search_sql', {sql})).records;
    /** As whoever got hold of the login: nothing of ours between him and the server. */
    const as_reader = statement => {
      const [file] = fs.readdirSync(path.join(world.demo.dir, 'data'), {recursive: true}).filter(name => path.basename(name) === 'postmaster.pid');
      const [, , , port, socket] = fs.readFileSync(path.join(world.demo.dir, 'data', file), 'utf8').split('\n');
      const {stdout, stderr, status} = spawnSync('psql', ['-XAtq', '-h', socket, '-p', port, '-U', schemas[0].replace('m_', 'r_'), '-d', 'concejo', '-c', statement], {encoding: 'utf8', timeout: 20_000});
      return {text: stdout + stderr, status};
    };
    /** What may not change, as text. */
    const everything = () => world.demo.sql(`SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
      SELECT format('%s.%s %s', n.nspname, c.relname, c.relkind) AS line FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_' AND n.nspname !~ '^r_'
      UNION ALL SELECT format('role %s %s %s', rolname, rolsuper, rolcanlogin) FROM pg_roles UNION ALL SELECT 'large objects ' || count(*) FROM pg_largeobject_metadata UNION ALL SELECT 'settings ' || setconfig::text FROM pg_db_role_setting
      UNION ALL SELECT 'locks ' || count(*) FROM pg_locks WHERE locktype = 'advisory' AND database IS NOT NULL AND mode = 'ExclusiveLock' AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = pg_locks.pid AND a.usename !~ '^r_')
      ${schemas.map(one => `UNION ALL SELECT '${one} ' || md5(string_agg(d::text, '' ORDER BY id)) FROM ${one}.open_data_dataset d UNION ALL SELECT '${one} ' || md5(string_agg(c::text, '')) FROM ${one}.canario c`).join('\n')}) l`);
    /** How often the tables that nobody may read were looked at. */
    const looks = async () => {
      await new Promise(resolve => setTimeout(resolve, 1500));  // the server adds up each second
      return world.demo.sql(`SELECT string_agg(format('%s.%s %s %s', schemaname, relname, seq_scan, idx_scan), ', ' ORDER BY 1) FROM pg_stat_all_tables WHERE relname = 'canario' OR format('%s.%s', schemaname, relname) IN (${[places.hidden, places.foreign].map(one => `'${one.table}'`)})`);
    };

    /** Jobs look at tables too (they count columns a minute after a change, the board's own dataset is renewed): none runs meanwhile. */
    const without_jobs = async work => {
      const by = shift => world.demo.sql(`UPDATE concejo.jobs SET run_at = run_at ${shift} interval '1 day' WHERE state = 'waiting'; UPDATE concejo.schedules SET next_at = next_at ${shift} interval '1 day'`);
      by('+');
      try {
        const running = () => world.demo.sql("SELECT count(*) FROM concejo.jobs WHERE state = 'running'");
        for (let n = 0; n < 300 && running() !== '0'; ++n) await new Promise(resolve => setTimeout(resolve, 200));
        assert.equal(running(), '0');
        await work();
      } finally { by('-'); }
    };

    test('a dataset that all see, one that nobody does, and another municipality\'s', async () => {
      restore.push(world.demo.edit('municipios/riomar.yaml', text => text.replace(/\nmodulos:\n/, '\nmodulos:\n  open-data: {activo: true}\n')));
      assert.equal(world.demo.concejo('reload').code, 0);
      for (const [town, at] of [['valdehermoso', host], ['riomar', other]]) {
        tokens[town] = world.demo.json('token', 'create', '--tenant', town, '--scope', 'open-data:write').value.token;
        await action('organization_create', {name: 'sql-prueba', title: 'SQL'}, {token: tokens[town], at});
      }
      const make = async (name, text, town, at, more = {}) => {
        const dataset = await done('package_create', {name, title: name, owner_org: 'sql-prueba', ...more}, {token: tokens[town], at});
        const made = await done('datastore_create', {resource: {package_id: dataset.id, name}, fields: [{id: 'n', type: 'int'}, {id: 'año', type: 'numeric'}, {id: 'texto', type: 'text'}, {id: 'día', type: 'timestamp'}, {id: 'sí', type: 'bool'}],
          records: [1, 2, 3].map(n => ({n, 'año': `${2019 + n}.5`, texto: `${text} ${n}`, 'día': '2020-01-02T03:04:05', 'sí': n > 1}))}, {token: tokens[town], at});
        return {dataset, id: made.resource_id};
      };
      places.open = await make('sql-abierto', 'abierto', 'valdehermoso', host);
      places.hidden = await make('sql-reservado', 'CANARIO-RESERVADO', 'valdehermoso', host, {private: true});
      places.foreign = await make('sql-ajeno', 'CANARIO-AJENO', 'riomar', other);
      schemas = ['valdehermoso', 'riomar'].map(town => world.demo.sql(`SELECT schemaname FROM pg_tables WHERE tablename = 'open_data_resource' AND schemaname IN (SELECT schema FROM concejo.tenants)`).split('\n')
        .find(schema => world.demo.sql(`SELECT count(*) FROM ${schema}.open_data_resource WHERE id = '${(town === 'riomar' ? places.foreign : places.open).id}'`) === '1'));
      for (const one of Object.values(places)) one.table = `${schemas[one === places.foreign ? 1 : 0]}.${world.demo.sql(`SELECT table_name FROM ${schemas[one === places.foreign ? 1 : 0]}.open_data_resource WHERE id = '${one.id}'`)}`;
      for (const schema of schemas) world.demo.sql(`SET ROLE concejo_owner; CREATE TABLE ${schema}.canario AS SELECT 1 AS n, 'CANARIO-TABLA' AS texto; GRANT SELECT ON ${schema}.canario TO ${schema}`);
    });

    test('it is off until the municipality says otherwise', async () => {
      const answer = await ask('SELECT 1');
      assert.deepEqual([answer.status, answer.json], [400, 'Bad request - Action name not known: datastore_search_sql']);
      restore.unshift(world.demo.edit('municipios/valdehermoso.yaml', text => text.replace(/\n  open-data:\n/, '\n  open-data:\n    sql: true\n')));
      const reloaded = world.demo.concejo('reload');
      assert.equal(reloaded.code, 0, reloaded.stderr);
      assert.equal((await ask('SELECT 1')).status, 200);
      assert.equal((await action('datastore_search_sql', {sql: `SELECT * FROM "${places.foreign.id}"`}, {at: other})).status, 400, 'the other municipality did not switch it on');
    });

    test('what is asked of published rows is answered with names, types and values', async () => {
      const {id} = places.open;
      assert.deepEqual(await done('datastore_search_sql', {sql: `SELECT n, "año", texto, "día", "sí" FROM "${id}" WHERE n < 2`}), {sql: `SELECT n, "año", texto, "día", "sí" FROM "${id}" WHERE n < 2`,
        records: [{n: 1, 'año': '2020.5', texto: 'abierto 1', 'día': '2020-01-02T03:04:05', 'sí': false}], fields: [{id: 'n', type: 'int8'}, {id: 'año', type: 'numeric'}, {id: 'texto', type: 'text'}, {id: 'día', type: 'timestamp'}, {id: 'sí', type: 'bool'}]});
      assert.deepEqual(await rows_of(`select count(*) as total, max(a.texto) as mayor from "${id}" a join "${id}" b using (n) where b."sí"`), [{total: 2, mayor: 'abierto 3'}]);
      assert.deepEqual(await rows_of(`WITH x AS (SELECT n * 2 AS doble FROM "${id}") SELECT doble FROM x WHERE doble > 2 ORDER BY 1 DESC`), [{doble: 6}, {doble: 4}]);
      const many = await done('datastore_search_sql', {sql: `SELECT a.n FROM ${'abcdefghij'.split('').map(letter => `"${id}" ${letter}`).join(', ')}`});
      assert.equal(many.records.length, 32_000);
      assert.equal(many.records_truncated, true);
      const from_query = await world.demo.request(`/api/3/action/datastore_search_sql?sql=${encodeURIComponent(`SELECT _id FROM "${id}"`)}`, {host});
      assert.equal(JSON.parse(from_query.text).result.records.length, 3);
      for (const [sql, status, message] of [[`SELECT nada FROM "${id}"`, 409, /column "nada" does not exist/], [`SELECT t.nada FROM "${id}" t`, 409, /column "nada" does not exist/], [`SELECT n / 0 FROM "${id}"`, 409, /division by zero|Invalid/], ['SELECT * FROM pg_user', 403, /system tables/], ['SELECT pg_sleep(1)', 403, /function pg_sleep/],
        [`DELETE FROM "${id}"`, 409, /a SELECT/], ['SELEC 1', 409, /syntax error/], [`SELECT * FROM "${places.hidden.id}"`, 403, /Access denied/], [`SELECT * FROM "${places.foreign.id}"`, 404, /was not found/]]) {
        const answer = await ask(sql);
        assert.equal(answer.status, status, `${sql}: ${answer.text}`);
        assert.match(answer.text.replaceAll('\\"', '"'), message);
      }
      const slow = await ask(`SELECT count(*) FROM ${'abcdefghijklmnopqrstuv'.split('').map(letter => `"${id}" ${letter}`).join(', ')}`);
      assert.equal(slow.status, 503, slow.text);
    });

    test('rows are seen as long as they are published, and as they are now', async () => {
      const {id, dataset} = places.open, token = tokens.valdehermoso, name = schemas[0].replace('m_', 'r_');
      assert.match(as_reader(`SELECT count(*) FROM ${name}."${id}"`).text, /^3$/m);
      await done('package_patch', {id: dataset.id, private: true}, {token});
      assert.equal((await ask(`SELECT * FROM "${id}"`)).status, 403);
      assert.match(as_reader(`SELECT count(*) FROM ${name}."${id}"`).text, /^0$/m, 'not even by the login');
      await done('package_patch', {id: dataset.id, private: false}, {token});
      await done('datastore_create', {resource_id: id, fields: [{id: 'nueva', type: 'text'}]}, {token});
      await done('datastore_upsert', {resource_id: id, method: 'insert', records: [{n: 4, nueva: 'sí'}]}, {token});
      assert.deepEqual(await rows_of(`SELECT nueva FROM "${id}" WHERE n = 4`), [{nueva: 'sí'}]);
      await done('datastore_delete', {resource_id: id, filters: {n: 4}}, {token});
      const gone = await done('datastore_create', {resource: {package_id: dataset.id, name: 'se va'}, fields: [{id: 'a', type: 'text'}], records: [{a: 'x'}]}, {token});
      assert.deepEqual(await rows_of(`SELECT a FROM "${gone.resource_id}"`), [{a: 'x'}]);
      await done('datastore_delete', {resource_id: gone.resource_id}, {token});
      assert.equal((await ask(`SELECT a FROM "${gone.resource_id}"`)).status, 404);
    });

    const count = process.env.CONCEJO_FULL === '1' ? 100_000 : 3_000;
    test(`${count} hostile statements read nothing that is not published, and write nothing`, t => without_jobs(async () => {
      const before = {all: everything(), looks: await looks()};
      const answered = {}, wrong = [];
      const statements = hostile(count, {open: places.open.id, hidden: places.hidden.id, foreign: places.foreign.id, schemas});
      const work = async () => {
        for (let next = statements.next(); !next.done; next = statements.next()) {
          const answer = await ask(next.value);
          answered[answer.status] = (answered[answer.status] ?? 0) + 1;
          if (![200, 403, 404, 409, 503].includes(answer.status) || canaries.test(answer.text) || /root:x:0/.test(answer.text)) wrong.push(`${next.value} → ${answer.text.slice(0, 300)}`);
        }
      };
      await Promise.all([work(), work(), work()]);
      t.diagnostic(`answers: ${JSON.stringify(answered)}`);
      assert.deepEqual(wrong.slice(0, 5), []);
      assert.ok(answered[200] > count / 200, 'some of them are harmless, so that what is answered is tried too');
      assert.deepEqual({looks: await looks(), all: everything()}, {...before});
    }));

    test('whoever has the login and no parser before him reads nothing else either, and writes nothing', t => without_jobs(async () => {
      const before = {all: everything(), looks: await looks()};
      const wrong = [];
      let answered = 0;
      for (const statement of hostile(process.env.CONCEJO_FULL === '1' ? 3_000 : 150, {open: places.open.id, hidden: places.hidden.id, foreign: places.foreign.id, schemas})) {
        if (/lo_|pg_sleep|repeat|generate_series|RECURSIVE|pg_advisory|U&/i.test(statement)) continue;  // what everybody may do to himself
        const {text, status} = as_reader(`SET statement_timeout = 2000; BEGIN READ ONLY; ${statement}`);
        if (status === 0) ++answered;
        if (canaries.test(text.replace(statement, '')) || /root:x:0/.test(text)) wrong.push(`${statement} → ${text.slice(0, 300)}`);
      }
      for (const schema of [...schemas, 'concejo']) {
        const tables = world.demo.sql(`SELECT relname FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relkind IN ('r', 'v')`).split('\n');
        const granted = world.demo.sql(`SELECT count(*) FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relkind IN ('r', 'v', 'S') AND has_table_privilege('${schemas[0].replace('m_', 'r_')}', oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')`);
        assert.ok(tables.length > 3 && granted === '0', `${schema}: ${granted}`);
      }
      t.diagnostic(`${answered} were answered`);
      assert.deepEqual(wrong, []);
      assert.deepEqual({looks: await looks(), all: everything()}, {...before});
    }));

    test('the configuration is put back', () => {
      for (const schema of schemas) world.demo.sql(`DROP TABLE ${schema}.canario`);
      for (const back of restore) back();
      assert.equal(world.demo.concejo('reload').code, 0);
    });
  });
}
