import { expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { appAt } from '../app.ts';
import { profileOf } from './run-executor.ts';

const folder = useFolder();

it("takes the app's own profile unless another is asked for", async () => {
  const app = appAt(folder.path, 'next');
  expect((await profileOf(app)).name).toBe('hecktor25');
  folder.put('apps/next/profile.json', '{"name":"next","extends":"grand-challenge","timeLimit":9}');
  expect(await profileOf(app)).toMatchObject({ name: 'next', timeLimit: 9, modelMount: true });
  expect(await profileOf(app, 'next')).toMatchObject({ name: 'next' });
  expect(await profileOf(app, 'hecktor25')).toMatchObject({ name: 'hecktor25', modelMount: false });
  folder.put('mine.json', '{"name":"mine"}');
  expect(await profileOf(app, './mine.json')).toMatchObject({ name: 'mine' });
  await expect(profileOf(app, 'nxt')).rejects.toMatchObject({ code: 'PROFILE_INVALID' });
});
