// Bytes that a child or the store of files takes by path.
#pragma once

#include <concejo/error.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace evidence {

/// A file that lives as long as this does.
class WrittenFile {
public:
    explicit WrittenFile(std::string_view bytes)
        : path_((std::filesystem::temp_directory_path() / "concejo-sello-XXXXXX").string()) {
        const int descriptor = ::mkstemp(path_.data());
        if (descriptor < 0)
            throw concejo::Error(concejo::ErrorKind::internal, "no se puede crear un archivo temporal");
        ::close(descriptor);
        std::ofstream out(path_, std::ios::binary | std::ios::trunc);
        out << bytes;
        out.close();
        if (!out)
            throw concejo::Error(concejo::ErrorKind::internal, "no se puede escribir un archivo temporal");
    }
    ~WrittenFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    WrittenFile(const WrittenFile&) = delete;
    WrittenFile& operator=(const WrittenFile&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace evidence
