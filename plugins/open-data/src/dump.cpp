#include "dump.hpp"

#include "records.hpp"
#include "spool.hpp"

#include <filesystem>

namespace open_data {
namespace {

constexpr std::size_t piece_size = 1 << 16;

std::string xml_name(std::string_view name) {
    std::string text;
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
        const bool inner = (c >= '0' && c <= '9') || c == '-' || c == '.';
        text += letter || (inner && !text.empty()) ? c : '_';
    }
    return text.empty() ? "_" : text;
}

void append_xml(std::string& out, std::string_view text) {
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += "&quot;";
        else if (code >= 0x20 || c == '\n' || c == '\t') out += c;
    }
}

/// What stands before the rows, each row, and what stands after them.
class Writer {
public:
    Writer(const Resource& resource, std::string_view format, bool numbered) : format_(format), numbered_(numbered), fields_(fields_of(resource)) {
        if (!numbered) fields_.erase(fields_.begin());
    }
    const std::vector<Field>& fields() const { return fields_; }

    void head(std::string& out) {
        if (separator()) {
            for (std::size_t i = 0; i < fields_.size(); ++i) {
                if (i > 0) out += separator();
                append_name(out, fields_[i].name);
            }
            out += "\r\n";
        }
        if (format_ == "json") {
            out += "{\n  \"fields\": [";
            for (std::size_t i = 0; i < fields_.size(); ++i) {
                out += i > 0 ? ",{\"id\":" : "{\"id\":";
                append_json(out, fields_[i].name);
                out += ",\"type\":", append_json(out, fields_[i].type);
                out += '}';
            }
            out += "],\n  \"records\": [";
        }
        if (format_ == "xml") out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<data xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n";
    }

    void row(std::string& out, const concejo::Rows::Row& row) {
        if (format_ == "json") {
            out += first_ ? "\n    [" : ",\n    [";
            for (std::uint32_t i = 0; i < fields_.size(); ++i) {
                if (i > 0) out += ',';
                append_json(out, row, i, fields_[i]);
            }
            out += ']';
        } else if (format_ == "ndjson") {
            for (std::uint32_t i = 0; i < fields_.size(); ++i) {
                out += i > 0 ? ',' : '{';
                append_json(out, fields_[i].name), out += ':';
                append_json(out, row, i, fields_[i]);
            }
            out += "}\n";
        } else if (format_ == "xml") {
            xml_row(out, row);
        } else {
            for (std::uint32_t i = 0; i < fields_.size(); ++i) {
                if (i > 0) out += separator();
                append_cell(out, row, i, fields_[i], separator());
            }
            out += "\r\n";
        }
        first_ = false;
    }

    void tail(std::string& out) const {
        if (format_ == "json") out += "\n  ]\n}\n";
        if (format_ == "xml") out += "</data>\n";
    }

private:
    char separator() const { return format_ == "csv" ? ',' : format_ == "tsv" ? '\t' : '\0'; }
    void append_name(std::string& out, const std::string& name) const {
        if (name.find_first_of("\",;\t\r\n") == std::string::npos) {
            out += name;
            return;
        }
        out += '"';
        for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
        out += '"';
    }
    void xml_row(std::string& out, const concejo::Rows::Row& row) const {
        out += numbered_ ? "<row _id=\"" + row.text(0) + "\">" : std::string("<row>");
        for (std::uint32_t i = numbered_ ? 1 : 0; i < fields_.size(); ++i) {
            const auto name = xml_name(fields_[i].name);
            if (row.is_null(i)) {
                out += "<" + name + " xsi:nil=\"true\"/>";
                continue;
            }
            out += "<" + name + ">";
            std::string value;
            append_json(value, row, i, fields_[i]);
            append_xml(out, value.front() == '"' ? fields_[i].type == "timestamp" ? std::string_view(value).substr(1, value.size() - 2) : row.view(i) : std::string_view(value));
            out += "</" + name + ">";
        }
        out += "</row>\n";
    }

    std::string format_;
    bool numbered_;
    std::vector<Field> fields_;
    bool first_ = true;
};

std::string file_name_of(const Resource& resource, const DumpFormat& format) {
    auto name = slug_of(resource.file_name.substr(0, resource.file_name.rfind('.')));
    return (name.empty() ? "datos" : name) + "." + format.name;
}

}  // namespace

const std::vector<DumpFormat>& dump_formats() {
    static const std::vector<DumpFormat> all{{"csv", "CSV", "text/csv; charset=utf-8; header=present"},
                                             {"tsv", "TSV", "text/tab-separated-values; charset=utf-8"},
                                             {"json", "JSON", "application/json"},
                                             {"ndjson", "NDJSON", "application/x-ndjson"},
                                             {"xml", "XML", "application/xml"}};
    return all;
}

const DumpFormat* dump_format(std::string_view name) {
    for (const auto& one : dump_formats())
        if (name == one.name) return &one;
    return nullptr;
}

Dump dump_of(const concejo::Call& call, const Resource& resource, const DumpFormat& format, bool numbered) {
    const auto kind = std::string(format.name) + (numbered ? "+_id" : "");
    auto tx = call.begin();
    const auto made = tx.exec("SELECT blob, bytes FROM open_data_dump WHERE resource = $1::uuid AND version = $2 AND format = $3", resource.id, resource.version, kind);
    if (!made.empty()) return {made[0].text(0), file_name_of(resource, format), made[0].integer(1)};
    Spool spool;
    Writer writer(resource, format.name, numbered);
    std::string piece;
    writer.head(piece);
    each_row(tx, resource, writer.fields(), [&](const concejo::Rows::Row& row) {
        writer.row(piece, row);
        if (piece.size() >= piece_size) spool.write(piece);
    });
    writer.tail(piece);
    spool.write(piece);
    const auto& path = spool.finish();
    Dump dump{call.put_file(tx, path, format.media_type), file_name_of(resource, format), static_cast<std::int64_t>(std::filesystem::file_size(path))};
    const auto noted = tx.exec("INSERT INTO open_data_dump (resource, version, format, blob, bytes) VALUES ($1::uuid, $2, $3, $4, $5) ON CONFLICT DO NOTHING", resource.id, resource.version, kind,
            dump.blob, dump.bytes);
    if (noted.affected() == 0) call.remove_blob(tx, dump.blob);  // somebody made it meanwhile: its use is counted once
    tx.commit();
    return dump;
}

}  // namespace open_data
