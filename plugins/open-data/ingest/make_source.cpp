#include "plugins/open-data/ingest/source.hpp"
#include "plugins/open-data/ingest/workbook.hpp"
#include "plugins/open-data/ingest/xml_part.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>

namespace open_data::ingest {

std::unique_ptr<Source> make_source(Bytes bytes) {
    const auto view = bytes.view();
    if (view.starts_with("\xD0\xCF\x11\xE0"))
        throw concejo::Error(concejo::ErrorKind::invalid,
                             concejo::N_("es un libro de Excel antiguo (.xls): guárdelo como .xlsx, .ods o .csv"));
    if (view.starts_with("PK\x03\x04")) {
        const auto names = zip_names(view);
        const auto has = [&](const char* name) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        if (has("xl/workbook.xml")) return make_xlsx(std::move(bytes));
        if (has("content.xml")) return make_ods(std::move(bytes));
        throw concejo::Error(concejo::ErrorKind::invalid, concejo::N_("es un archivo comprimido que no es .xlsx ni .ods"));
    }
    if (auto json = make_json(bytes)) return json;
    return make_delimited(std::move(bytes));
}

}  // namespace open_data::ingest
