# find_package(ConcejoSDK): the target Concejo::sdk (headers only, C++20, nothing else needed) and
# concejo_add_plugin(). Relocatable: everything is found from where this file lies.
if(NOT TARGET Concejo::sdk)
    get_filename_component(_concejo_sdk_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
    add_library(Concejo::sdk INTERFACE IMPORTED)
    set_target_properties(Concejo::sdk PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES "${_concejo_sdk_prefix}/include"
        INTERFACE_COMPILE_FEATURES cxx_std_20)
    unset(_concejo_sdk_prefix)
endif()
include("${CMAKE_CURRENT_LIST_DIR}/ConcejoPlugin.cmake")
