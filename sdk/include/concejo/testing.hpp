// For a plugin's tests: a fake kernel that needs no server, and test cases that need no library.
//
//   #include <concejo/testing.hpp>
//   CONCEJO_TEST("the page greets") {
//       concejo::testing::FakeKernel kernel;
//       CONCEJO_EQUAL(kernel.get("/es/saludo").send().status, 200);
//   }
//   CONCEJO_TEST_MAIN
//
// Requests run in this process: routes, forms, files, permissions, settings, translations from locale/*.po. Jobs and
// events wait until the test runs them, effects until it delivers them; mails are recorded; other servers answer what the
// test says; audit, log and events are recorded; the clock stands still. Pages answer
// their template's name and view. SQL needs a real PostgreSQL: Options{.database = &concejo::testing::database()}.
#pragma once

#include <concejo/plugin.hpp>
#include <concejo/testing/cases.hpp>
#include <concejo/testing/fake_kernel.hpp>
