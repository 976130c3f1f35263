# Debian packages, from an installed tree: `cpack -G DEB` in build/release gives concejo and concejo-sdk-dev.
install(FILES ${CMAKE_SOURCE_DIR}/packaging/systemd/concejo.service ${CMAKE_SOURCE_DIR}/packaging/systemd/concejo.socket
    ${CMAKE_SOURCE_DIR}/packaging/systemd/concejo-backup.service ${CMAKE_SOURCE_DIR}/packaging/systemd/concejo-backup.timer DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/config/platform.yaml DESTINATION share/doc/concejo/ejemplos)
install(FILES ${CMAKE_SOURCE_DIR}/config/municipios/ejemplo.yaml DESTINATION share/doc/concejo/ejemplos/municipios)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/packaging/proxies ${CMAKE_SOURCE_DIR}/packaging/cluster ${CMAKE_SOURCE_DIR}/packaging/prometheus
    ${CMAKE_SOURCE_DIR}/packaging/grafana DESTINATION share/doc/concejo/ejemplos)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE ${CMAKE_SOURCE_DIR}/docs/guia-municipios.md ${CMAKE_SOURCE_DIR}/docs/varios-nodos.md
    ${CMAKE_SOURCE_DIR}/docs/metricas.md ${CMAKE_SOURCE_DIR}/docs/CHANGELOG.md
    DESTINATION share/doc/concejo)
install(FILES ${CMAKE_SOURCE_DIR}/docs/guia-complementos.md DESTINATION share/doc/concejo-sdk-dev COMPONENT sdk)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME concejo)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Concejo <concejo@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL Unspecified sdk)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_NAME concejo)
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_DEPENDS "postgresql-15, qpdf, poppler-utils, raptor2-utils, fonts-dejavu-core, fonts-liberation, passwd")
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_RECOMMENDS "nginx-light | haproxy")
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/packaging/debian/postinst
    ${CMAKE_SOURCE_DIR}/packaging/debian/prerm ${CMAKE_SOURCE_DIR}/packaging/debian/postrm)
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(CPACK_DEBIAN_SDK_PACKAGE_NAME concejo-sdk-dev)
set(CPACK_DEBIAN_SDK_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_SDK_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_SDK_PACKAGE_DEPENDS "cmake (>= 3.25), g++ | clang")
set(CPACK_COMPONENT_SDK_DESCRIPTION "Headers and CMake files for plugins of Concejo")
include(CPack)
