#include "serializer.hpp"

namespace open_data::dcat {

std::string_view media_type(Syntax syntax) {
    switch (syntax) {
        case Syntax::rdf_xml:
            return "application/rdf+xml";
        case Syntax::turtle:
            return "text/turtle";
        case Syntax::json_ld:
            break;
    }
    return "application/ld+json";
}

std::unique_ptr<Serializer> make_serializer(Syntax syntax) {
    switch (syntax) {
        case Syntax::rdf_xml:
            return make_rdf_xml();
        case Syntax::turtle:
            return make_turtle();
        case Syntax::json_ld:
            break;
    }
    return make_json_ld();
}

}  // namespace open_data::dcat
