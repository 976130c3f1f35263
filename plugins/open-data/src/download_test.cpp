#include "download.hpp"

#include <catch2/catch.hpp>

using namespace open_data;

TEST_CASE(
    "a download is called as the server says, else as its address ends, with the ending of what it is") {
    struct Case {
        std::string_view url, disposition, type, name;
    };
    for (const auto& one : {
             Case{"https://a.es/datos/gastos.csv?x=1#y", "", "text/csv", "gastos.csv"},
             Case{"https://a.es/b?id=7", "attachment; filename=\"gastos 2026.csv\"", "text/csv",
                  "gastos 2026.csv"},
             Case{"https://a.es/b", "attachment; filename=gastos.csv; size=3", "", "gastos.csv"},
             Case{"https://a.es/b", "attachment; filename=\"x.csv\"; filename*=UTF-8''a%C3%B1os.csv", "",
                  "años.csv"},
             Case{"https://a.es/b.csv", "attachment; filename*=UTF-8''%FF%FE", "", "b.csv"},
             Case{"https://a.es/b", "attachment; filename=\"../../etc/passwd\"", "", "passwd"},
             Case{"https://a.es/b", "attachment; filename=\"c:\\datos\\x.csv\"", "", "x.csv"},
             Case{"https://a.es/%C3%A1rboles%2Fsingulares.csv", "", "", "singulares.csv"},
             Case{"https://a.es/descarga", "", "text/csv", "descarga.csv"},
             Case{"https://a.es/informe.v2", "", "application/pdf", "informe.v2.pdf"},
             Case{"https://a.es", "", "", "datos"},
             Case{"https://a.es/", "", "text/csv", "datos.csv"},
             Case{"https://a.es/%00%0a", "", "", "datos"},
             Case{"https://a.es/x.csv", "filename=\"", "", "x.csv"},
             Case{"https://a.es/x%", "", "", "x%"},
         }) {
        CAPTURE(one.url, one.disposition, one.type);
        CHECK(name_of_download(one.url, one.disposition, one.type) == one.name);
    }
    CHECK(name_of_download("https://a.es/" + std::string(200, 'a') + ".csv", "", "") == "datos");
}

TEST_CASE("what may be the address of a file") {
    for (const auto* good : {"https://a.es/x.csv", "http://a.es", "HTTPS://A.es/x",
                             "http://127.0.0.1:8080/x?y=z", "https://[::1]/x"})
        CHECK(is_web_address(good));
    for (const auto* bad :
         {"", "a.es/x.csv", "ftp://a.es/x", "https://", "http:///x", "https:///x", "https://a.es/x y",
          "javascript:alert(1)", "file:///etc/passwd", "http:", "https://a.es/\n"})
        CHECK_FALSE(is_web_address(bad));
    CHECK_FALSE(is_web_address("https://a.es/" + std::string(longest_url, 'a')));
}
