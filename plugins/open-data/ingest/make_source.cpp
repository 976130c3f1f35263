#include "plugins/open-data/ingest/sheet_stream.hpp"
#include "plugins/open-data/ingest/source.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

namespace open_data::ingest {

std::unique_ptr<Source> make_source(Bytes bytes) {
    const auto view = bytes.view();
    if (view.starts_with("\xD0\xCF\x11\xE0"))
        throw concejo::Error(concejo::ErrorKind::invalid,
                             concejo::N_("es un libro de Excel antiguo (.xls) o con contraseña: guárdelo sin "
                                         "ella como .xlsx, .ods o .csv"));
    if (is_archive(view))
        throw concejo::Error(concejo::ErrorKind::invalid,
                             concejo::N_("es un archivo comprimido que no es .xlsx ni .ods"));
    if (auto json = make_json(bytes)) return json;
    return make_delimited(std::move(bytes));
}

}  // namespace open_data::ingest
