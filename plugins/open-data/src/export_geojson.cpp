// GeoJSON (RFC 7946): a feature for each row, in WGS 84; without a geometry where it has no place.
#include "export_writer.hpp"
#include "geometry.hpp"

namespace open_data {
namespace {

constexpr std::size_t features_at_once = 1 << 16;  ///< bytes

class GeoJsonWriter : public ExportWriter {
public:
    GeoJsonWriter(const ExportTable& table, const PlaceColumns& place, Spool& spool)
        : fields_(table.fields), place_(place), spool_(spool) {
        out_ = "{\"type\":\"FeatureCollection\",\"features\":[";
    }

    void row(Cells cells) override {
        out_ += first_ ? "\n{\"type\":\"Feature\"" : ",\n{\"type\":\"Feature\"";
        first_ = false;
        std::string properties;
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (fields_[i].name == "_id") {
                out_ += ",\"id\":" + std::string(cells[i].value_or("null"));
                continue;
            }
            if (place_.geometry == i) continue;
            properties += properties.empty() ? "" : ",";
            append_json(properties, fields_[i].name), properties += ':';
            append_json(properties, cells[i], fields_[i]);
        }
        const auto where = place_.geometry
                               ? geometry_of(cells[*place_.geometry].value_or(""), place_.system)
                               : point_of(cells[place_.longitude], cells[place_.latitude], place_.system);
        out_ += ",\"geometry\":" + where.dump() + ",\"properties\":{" + properties + "}}";
        if (out_.size() >= features_at_once) spool_.write(out_);
    }

    void finish() override {
        out_ += "\n]}\n";
        spool_.write(out_);
        spool_.finish();
    }

private:
    std::vector<Field> fields_;
    PlaceColumns place_;
    Spool& spool_;
    std::string out_;
    bool first_ = true;
};

}  // namespace

std::unique_ptr<ExportWriter> make_geojson_writer(const ExportTable& table, Spool& spool) {
    const auto place = place_columns(table.fields, table.system);
    if (!place) throw concejo::Error(concejo::ErrorKind::invalid, no_place_text(table.fields));
    return std::make_unique<GeoJsonWriter>(table, *place, spool);
}

}  // namespace open_data
