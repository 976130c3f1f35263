# example_plugin: installs the SDK into the build tree and builds examples/buzon against it as a stranger would,
# in a build of its own. The demonstration loads it from share/concejo/demo/plugins.
set(example ${CMAKE_CURRENT_SOURCE_DIR}/examples/buzon)
set(example_id es.riomar.buzon)
set(example_prefix ${CMAKE_BINARY_DIR}/sdk-prefix)
set(example_build ${CMAKE_BINARY_DIR}/examples/buzon)
set(example_plugins ${CMAKE_BINARY_DIR}/share/concejo/demo/plugins)
set(example_library ${example_plugins}/${example_id}/${example_id}.so)

file(GLOB_RECURSE example_inputs CONFIGURE_DEPENDS include/*.h include/*.hpp cmake/*.cmake plugin.map
    ${example}/CMakeLists.txt ${example}/src/* ${example}/tests/*)
add_custom_command(OUTPUT ${example_library}
    COMMAND ${CMAKE_COMMAND} --install ${CMAKE_BINARY_DIR} --component sdk --prefix ${example_prefix}
    COMMAND ${CMAKE_COMMAND} --log-level=WARNING -S ${example} -B ${example_build} -G ${CMAKE_GENERATOR}
            -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE} -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}
            -DCMAKE_PREFIX_PATH=${example_prefix} -DCONCEJO_PLUGIN_DIR=${example_plugins}
            -DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}
    COMMAND ${CMAKE_COMMAND} --build ${example_build}
    COMMAND ${CMAKE_COMMAND} -E touch ${example_library}
    DEPENDS ${example_inputs}
    COMMENT "Example plugin ${example_id}, out of tree against the installed SDK"
    VERBATIM)
add_custom_target(example_plugin ALL DEPENDS ${example_library})
# Its own tests, in its own build: a fake kernel and a PostgreSQL of their own.
add_test(NAME example_own_tests COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${example_build} --output-on-failure)
set_tests_properties(example_own_tests PROPERTIES TIMEOUT 120)
install(FILES ${example_library} ${example}/config.schema.yaml DESTINATION share/concejo/demo/plugins/${example_id})
install(DIRECTORY ${example}/migrations ${example}/web ${example}/locale DESTINATION share/concejo/demo/plugins/${example_id})

# The same gate that the official plugins pass: every text in five languages, templates without defects.
file(GLOB_RECURSE example_texts CONFIGURE_DEPENDS ${example}/locale/* ${example}/web/*.mustache ${example}/src/*
    ${CMAKE_SOURCE_DIR}/themes/base/locale/*.po)
set(example_stamp ${CMAKE_BINARY_DIR}/i18n/${example_id}.stamp)
add_custom_command(OUTPUT ${example_stamp}
    COMMAND concejo-i18n-check --domain ${example_id} --root ${CMAKE_SOURCE_DIR} --po ${example}/locale
            --base ${CMAKE_SOURCE_DIR}/themes/base/locale --templates ${example}/web/templates --sources ${example}/src
    COMMAND ${CMAKE_COMMAND} -E touch ${example_stamp}
    DEPENDS concejo-i18n-check ${example_texts}
    COMMENT "Translations of ${example_id}"
    VERBATIM)
add_custom_target(i18n_${example_id} ALL DEPENDS ${example_stamp})
