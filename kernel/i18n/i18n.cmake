# concejo_check_translations(DOMAIN sede PO locale [TEMPLATES web/templates …] [SOURCES src …])
# Part of ALL: the build fails with file:line of each text that lacks a translation, and of each template
# that breaks the rules. Folders are relative to the caller's. `<target> --update` by hand adds what is missing.
function(concejo_check_translations)
    cmake_parse_arguments(T "" "DOMAIN;PO" "TEMPLATES;SOURCES" ${ARGN})
    set(arguments --domain ${T_DOMAIN} --root ${CMAKE_SOURCE_DIR})
    set(inputs)
    get_filename_component(po ${T_PO} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND arguments --po ${po})
    file(GLOB found CONFIGURE_DEPENDS ${po}/*.po ${po}/iguales.txt)
    list(APPEND inputs ${found})
    if(NOT T_DOMAIN STREQUAL "base")
        list(APPEND arguments --base ${CMAKE_SOURCE_DIR}/themes/base/locale)
        file(GLOB found CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/themes/base/locale/*.po)
        list(APPEND inputs ${found})
    endif()
    foreach(kind TEMPLATES SOURCES)
        string(TOLOWER ${kind} option)
        foreach(folder ${T_${kind}})
            get_filename_component(path ${folder} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
            list(APPEND arguments --${option} ${path})
            if(IS_DIRECTORY ${path})
                file(GLOB_RECURSE found CONFIGURE_DEPENDS ${path}/*.mustache ${path}/*.cpp ${path}/*.hpp)
                list(APPEND inputs ${found})
            else()
                list(APPEND inputs ${path})
            endif()
        endforeach()
    endforeach()
    set(stamp ${CMAKE_BINARY_DIR}/i18n/${T_DOMAIN}.stamp)
    add_custom_command(OUTPUT ${stamp}
        COMMAND concejo-i18n-check ${arguments}
        COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
        DEPENDS concejo-i18n-check ${inputs}
        COMMENT "Translations of ${T_DOMAIN}"
        VERBATIM)
    add_custom_target(i18n_${T_DOMAIN} ALL DEPENDS ${stamp})
endfunction()
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/i18n)
