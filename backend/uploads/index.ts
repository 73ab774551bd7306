export { pickColumns } from './pick-columns.ts';
export { takeExpiredUploads, uploadTables, type Upload } from './upload-store.ts';
export { goneUpload, openUploads, type Uploads } from './uploads.ts';
